// Rows that are picked: one box for all of them, the count in the batch bar, and acts that are not lawful for a
// picked row disabled with the reason in sight. The server judges again.
export function startPicks(scope) {
  for (const form of scope.querySelectorAll("form[data-picks]")) {
    const boxes = [...form.querySelectorAll("input[data-pick]")];
    const all = form.querySelector("input[data-pick-all]");
    const count = form.querySelector("[data-pick-count]");
    const why = form.querySelector("[data-act-reasons]");
    const fixed = why ? [...why.children] : [];
    const acts = [...form.querySelectorAll("button[data-act]:not([disabled])")];
    const tell = () => {
      const chosen = boxes.filter((box) => box.checked);
      if (all) {
        all.checked = chosen.length > 0 && chosen.length === boxes.length;
        all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
      }
      if (count) count.textContent = count.dataset.pickCount.replace("{n}", chosen.length);
      const reasons = [];
      for (const act of acts) {
        const barred = chosen.filter((box) => box.dataset.allowed !== undefined
          && !box.dataset.allowed.split(" ").includes(act.dataset.act));
        act.disabled = barred.length > 0;
        if (!barred.length) continue;
        const item = document.createElement("li");
        item.textContent = why.dataset.actReasons.replace("{act}", act.textContent.trim()).replace("{n}", barred.length);
        reasons.push(item);
      }
      if (why) why.replaceChildren(...fixed, ...reasons);
    };
    if (all) {
      all.hidden = false;
      all.addEventListener("change", () => {
        for (const box of boxes) box.checked = all.checked;
        tell();
      });
    }
    form.addEventListener("change", tell);
    tell();
  }
}
