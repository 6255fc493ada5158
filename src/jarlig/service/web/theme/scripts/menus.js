// Menus made of <details>: Escape or a click elsewhere closes them.
const MENUS = "details.jl-menu, details.jl-seats";

export function startMenus(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest?.(MENUS) ?? root.querySelector(`:is(${MENUS})[open]`);
    if (!open?.open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  root.addEventListener("click", (event) => {
    for (const open of root.querySelectorAll(`:is(${MENUS})[open]`)) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
}
