// Add another: a further item without a visit to the server, which would do the same.
export function startAnother(scope) {
  for (const box of scope.querySelectorAll("[data-another]")) {
    const total = box.querySelector(`[name="${box.dataset.another}-TOTAL_FORMS"]`);
    const blank = box.querySelector("template");
    const button = box.querySelector("[data-another-add]");
    if (!total || !blank || !button) continue;
    button.addEventListener("click", (event) => {
      const limit = Number(box.dataset.anotherLimit || 1000);
      const index = Number(total.value);
      if (index >= limit) return;
      event.preventDefault();
      const holder = document.createElement("template");
      holder.innerHTML = blank.innerHTML.replaceAll("__prefix__", index).replaceAll("__number__", index + 1);
      const item = holder.content.firstElementChild;
      button.before(item);
      total.value = index + 1;
      item.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
  }
}
