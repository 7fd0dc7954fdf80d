// The keys of the desk. They act while nobody types and no dialog is open; `?` tells them.
import { el, t } from "/static/core.js";
import { ACTIONS } from "/static/desk-actions.js";

// Listens for keys. `does`: step(by), page(), extend(by), open(), select(), search(), map(), back(); what returns false was not for it.
// `acts(letter)` tries an action of the case that is open, or of all that are selected.
export function keys(does, acts) {
  const named = {
    j: () => does.step(1),
    ArrowDown: () => does.step(1),
    k: () => does.step(-1),
    ArrowUp: () => does.step(-1),
    PageDown: () => does.step(does.page()),
    PageUp: () => does.step(-does.page()),
    Home: () => does.step(-Infinity),
    End: () => does.step(Infinity),
    "Shift+ArrowDown": () => does.extend(1),
    "Shift+ArrowUp": () => does.extend(-1),
    Enter: () => does.open() || false,
    x: () => does.select() || false,
    "/": does.search,
    "?": tellKeys,
    z: does.map,
    Escape: () => does.back() || false,
  };
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (document.querySelector("dialog[open], [popover]:popover-open") || elsewhere(event)) return;
    const name = event.shiftKey && event.key.startsWith("Arrow") ? `Shift+${event.key}` : event.key;
    const done = named[name] ? named[name]() !== false : /^[a-z]$/.test(event.key) && acts(event.key);
    if (done) event.preventDefault();
  });
}

// Whether a key is for what has the focus: somebody types, presses a button, or moves on the map.
function elsewhere(event) {
  const within = (selector) => event.target.closest?.(selector);
  if (within("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]")) return true;
  if (["Enter", " "].includes(event.key)) return Boolean(within("button, a, summary, .leaflet-container"));
  return event.key.startsWith("Arrow") && Boolean(within(".leaflet-container, [role=radiogroup]"));
}

// Tells all keys in a dialog.
export function tellKeys() {
  const row = (names, what) => [
    el(
      "dt",
      {},
      names.map((name) => el("kbd", {}, name)),
    ),
    el("dd", {}, what),
  ];
  const actions = ACTIONS.filter((action) => action.key).map((action) => row([action.key], t(action.label)));
  const dialog = el(
    "dialog",
    { class: "keys", "aria-labelledby": "keys-title" },
    el(
      "div",
      { class: "row" },
      el("h2", { id: "keys-title", class: "grow" }, t("Keys")),
      el("button", { type: "button", class: "icon", "aria-label": t("Close"), onclick: () => dialog.close() }, "×"),
    ),
    el(
      "div",
      { class: "two" },
      el(
        "section",
        {},
        el("h3", {}, t("In the list")),
        el(
          "dl",
          {},
          row(["j", "↓"], t("Next case")),
          row(["k", "↑"], t("Case before")),
          row(["Enter"], t("Open the case")),
          row(["Esc"], t("Close the case")),
          row(["x"], t("Select")),
          row(["Shift ↓", "Shift ↑"], t("Select several")),
          row(["Home", "End"], t("First, last")),
          row(["/"], t("Search")),
          row(["z"], t("Map beside the list, or not")),
          row(["?"], t("These keys")),
        ),
      ),
      el("section", {}, el("h3", {}, t("In the case")), el("dl", {}, actions)),
    ),
  );
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}
