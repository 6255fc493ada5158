// The components of govuk-frontend that have behaviour are fetched only by a page that has one of them.
const WITH_BEHAVIOUR = [
  "button", "character-count", "checkboxes", "error-summary", "file-upload", "notification-banner",
  "password-input", "radios", "skip-link", "tabs",
];

export function startGovuk(scope) {
  const used = WITH_BEHAVIOUR.filter((name) => scope.querySelector(`[data-module="govuk-${name}"]`));
  const address = document.querySelector('meta[name="jarlig-components"]')?.content;
  if (!address || !("noModule" in HTMLScriptElement.prototype)) return;
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  const heavy = used.filter((name) => name !== "button" && name !== "skip-link");
  if (!heavy.length && !scope.querySelector("[data-prevent-double-click]")) return;
  import(address).then((components) => {
    for (const name of used) {
      const kind = name.replace(/(^|-)(\w)/g, (_, __, letter) => letter.toUpperCase());
      components.createAll(components[kind], undefined, { scope, onError: () => {} });
    }
  });
}
