// A form on the phone: comes up from below, with its one button within the thumb's reach; what was filled in is kept until it is sent.
import { el, t } from "/static/core.js";
import { KINDS } from "/static/tasks-fields.js";
import { me } from "/static/tasks-keep.js";
import { kept } from "/static/tasks-store.js";

// Asks; returns {values, photos}, or null if nobody wants to. `draft` is the name under which it is kept meanwhile; none: not at all.
export async function asked({ title, note, asks, label, danger, draft }) {
  const fields = asks.map((one) => ({ ...one, ...(one.make ?? KINDS[one.kind])(one) }));
  const name = draft && `${me}/draft/${draft}`;
  const before = name ? await kept.get(name) : null;
  if (before) for (const field of fields) if (field.field in before) field.restore(before[field.field]);
  const save = () => { if (name) kept.put(name, Object.fromEntries(fields.map((one) => [one.field, one.photos ?? one.value()]))); };
  return new Promise((resolve) => {
    const dialog = sheet(title, { note, fields, label, danger, onsubmit: submit });
    const photosOf = () => fields.flatMap((one) => one.photos ?? []);
    async function submit(event) {
      event.preventDefault();
      await Promise.all(fields.map((one) => one.ready?.()));
      if (!dialog.open) return; // sent, or given up, meanwhile
      const wrong = fields.map((one) => ({ one, fault: one.fault(photosOf().length) }));
      for (const { one, fault } of wrong) blame(one.element, fault);
      const firstWrong = wrong.find(({ fault }) => fault);
      if (firstWrong) { firstWrong.one.focus(); return; }
      const values = Object.fromEntries(fields.map((one) => [
        one.field, one.value() ?? (photosOf().length ? one.instead : undefined),
      ]).filter(([, value]) => value !== undefined));
      dialog.close("sent");
      resolve({ values, photos: [...photosOf()], forget: () => name && kept.forget(name) });
    }
    dialog.addEventListener("input", save);
    dialog.addEventListener("change", save);
    dialog.addEventListener("close", () => { dialog.remove(); if (dialog.returnValue !== "sent") resolve(null); });
    document.body.append(dialog);
    dialog.showModal();
    (fields[0]?.kind === "photos" ? dialog.querySelector(".close") : dialog.querySelector("textarea, input, select"))?.focus({ preventScroll: true });
    dialog.scrollTop = 0;
  });
}

function sheet(title, { note, fields, label, danger, onsubmit }) {
  const close = el("button", { type: "button", class: "close", "aria-label": t("Close"), onclick: () => dialog.close() }, "×");
  const body = el("div", { class: "sheet-body" }, note ? el("p", { class: "demand" }, note) : null, fields.map((one) => one.element));
  const foot = el("div", { class: "bar" }, el("button", { class: `button large primary grow${danger ? " against" : ""}` }, label ?? title));
  const dialog = el("dialog", { class: "sheet", "aria-labelledby": "sheet-title" });
  dialog.append(el(
    "form", { method: "dialog", novalidate: true, onsubmit }, el("header", {}, el("h2", { id: "sheet-title" }, title), close), body, foot,
  ));
  return dialog;
}

function blame(element, fault) {
  element.querySelector(".fault")?.remove();
  if (fault) element.append(el("p", { class: "fault", role: "alert" }, fault));
}

// Lets one of several be touched; returns its key, or null.
export function chosen(title, choices) {
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: "sheet", "aria-labelledby": "menu-title" });
    const pick = (key) => { dialog.close("picked"); resolve(key); };
    const buttons = choices.map(({ key, label, danger, hint }) => el(
      "button", { type: "button", class: `button large choice-button${danger ? " danger" : ""}`, onclick: () => pick(key) },
      el("span", {}, label, hint ? el("small", {}, hint) : null),
    ));
    const close = el("button", { type: "button", class: "close", "aria-label": t("Close"), onclick: () => dialog.close() }, "×");
    dialog.append(el("header", {}, el("h2", { id: "menu-title" }, title), close), el("div", { class: "sheet-body menu" }, buttons));
    dialog.addEventListener("close", () => { dialog.remove(); if (dialog.returnValue !== "picked") resolve(null); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
