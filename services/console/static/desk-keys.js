// The keys of the desk. They act while nobody types and no dialog is open; `?` tells them.
import { el, t } from "/static/core.js";
import { ACTIONS } from "/static/desk-actions.js";

const typing = (target) => target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

// Listens for keys. `does`: {key: function(event)}; `acts(letter)`: tries an action of the case that is open.
export function keys(does, acts) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open], [popover]:popover-open")) return;
    if (typing(event.target)) return;
    if (["Enter", " "].includes(event.key) && event.target.closest?.("button, a, summary, .leaflet-container")) return;
    if (event.key.startsWith("Arrow") && event.target.closest?.(".leaflet-container, [role=radiogroup]")) return;
    const name = event.shiftKey && event.key.startsWith("Arrow") ? `Shift+${event.key}` : event.key;
    const done = does[name] ? does[name](event) !== false : /^[a-z]$/.test(event.key) && acts(event.key);
    if (done) event.preventDefault();
  });
}

// Tells all keys in a dialog.
export function tellKeys() {
  const row = (names, what) => [el("dt", {}, names.map((name) => el("kbd", {}, name))), el("dd", {}, what)];
  const actions = ACTIONS.filter((action) => action.key).map((action) => row([action.key], t(action.label)));
  const dialog = el("dialog", { class: "keys", "aria-labelledby": "keys-title" },
    el("div", { class: "row" }, el("h2", { id: "keys-title", class: "grow" }, t("Keys")), el("button", { type: "button", class: "icon", "aria-label": t("Close"), onclick: () => dialog.close() }, "×")),
    el("div", { class: "two" },
      el("section", {}, el("h3", {}, t("In the list")), el("dl", {}, row(["j", "↓"], t("Next case")), row(["k", "↑"], t("Case before")), row(["Enter"], t("Open the case")), row(["Esc"], t("Close the case")),
        row(["x"], t("Select")), row(["Shift ↓", "Shift ↑"], t("Select several")), row(["Home", "End"], t("First, last")), row(["/"], t("Search")), row(["z"], t("Map beside the list, or not")), row(["?"], t("These keys")))),
      el("section", {}, el("h3", {}, t("In the case")), el("dl", {}, actions))));
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}
