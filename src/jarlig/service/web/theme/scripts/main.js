import { startGovuk } from "./govuk.js";
import { startMenus } from "./menus.js";
import { startPicks } from "./picks.js";
import { startAnother } from "./another.js";

startGovuk(document);
startMenus(document);
startPicks(document);
startAnother(document);

// A part of the page that htmx has put in gets the same care.
document.addEventListener("htmx:load", (event) => {
  if (event.target === document.body) return;
  startGovuk(event.target);
  startPicks(event.target);
  startAnother(event.target);
});
