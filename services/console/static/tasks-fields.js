// The fields of a form on the phone: large, few, with words to touch instead of typing. Each is {element, value(), fault(), restore(draft)};
// photos are made smaller before they count: `ready()` waits for that.
import { el, now, t, zone } from "/static/core.js";
import { shrunk } from "/static/tasks-photo.js";

let count = 0;
const named = (label, hint) => {
  const id = `field-${++count}`;
  return { id, head: el("label", { for: id, class: "name" }, label), under: hint ? el(
    "p", { class: "hint", id: `${id}-hint` }, hint,
  ) : null, tied: hint ? `${id}-hint` : null };
};

function words({ label, hint, hints = [], instead }) {
  const { id, head, under, tied } = named(label, hint);
  const input = el("textarea", { id, rows: 3, maxlength: 4000, "aria-describedby": tied });
  const touch = (text) => { input.value = input.value.trim() ? `${input.value.trim()} ${text}` : text; input.dispatchEvent(new Event("input", { bubbles: true })); };
  const chips = hints.map((text) => el("button", { type: "button", class: "chip", onclick: () => touch(text) }, text));
  return {
    element: el("div", { class: "part" }, head, under, input, chips.length ? el("div", { class: "row chips" }, chips) : null),
    value: () => input.value.trim() || undefined,
    fault: (photos) => (input.value.trim() || (instead && photos) ? "" : t("Please say it in a few words.")),
    restore: (text) => { input.value = text ?? ""; },
    focus: () => input.focus(),
  };
}

function choice({ label, choices }) {
  const name = `choice-${++count}`;
  const radios = choices.map(([key, said]) => el(
    "label", { class: "pick" }, el("input", { type: "radio", name, value: key }), el("span", {}, said),
  ));
  const element = el("fieldset", { class: "part" }, el("legend", { class: "name" }, label), radios);
  const chosen = () => element.querySelector("input:checked")?.value;
  return {
    element, value: chosen, fault: () => (chosen() ? "" : t("Please choose one.")),
    restore: (key) => { for (const radio of element.querySelectorAll("input")) radio.checked = radio.value === key; },
    focus: () => element.querySelector("input").focus(),
  };
}

function select({ label, hint, choices, empty, optional }) {
  const { id, head, under, tied } = named(label, hint);
  const input = el(
    "select", { id, "aria-describedby": tied }, empty ? el("option", { value: "" }, empty) : null,
    choices.map(([key, said]) => el("option", { value: key }, said)),
  );
  return {
    element: el("div", { class: "part" }, head, under, input), value: () => input.value || undefined,
    fault: () => (input.value || optional ? "" : t("Please choose one.")), restore: (key) => { input.value = key ?? ""; }, focus: () => input.focus(),
  };
}

// Returns a time as a field of a form shows it, in the city's zone, and back.
const parts = (at) => Object.fromEntries(new Intl.DateTimeFormat(
  "en-GB", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
)
  .formatToParts(at * 1000).map((part) => [part.type, part.value]));
export const asField = (at) => { const p = parts(at); return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`; };
export function fromField(text) {
  const wanted = Date.parse(`${text}Z`) / 1000;
  let at = wanted;
  for (let turn = 0; turn < 3; turn += 1) at += wanted - Date.parse(`${asField(at)}Z`) / 1000;
  return at;
}

function time({ label, hint, ago, ahead, optional }) {
  const { id, head, under, tied } = named(label, hint);
  const input = el(
    "input", { id, type: "datetime-local", "aria-describedby": tied, value: asField(ahead ? now() + ahead : now() - (ago ?? 0)) },
  );
  const at = () => (ahead ? fromField(input.value) : Math.min(fromField(input.value), now()));
  return {
    element: el("div", { class: "part" }, head, under, input), value: () => (input.value ? new Date(at() * 1000).toISOString() : undefined),
    fault: () => (input.value || optional ? (ahead && input.value && at() <= now() ? t("This date must lie ahead.") : "") : t("Please give a time.")),
    restore: (value) => { if (value) input.value = asField(Date.parse(value) / 1000); }, focus: () => input.focus(),
  };
}

function photos({ label, least = 0, most = 6 }) {
  const taken = [];
  let adding = Promise.resolve();
  const shown = el("div", { class: "row shots" });
  const element = el("div", { class: "part" });
  const take = (camera) => {
    const input = el(
      "input",
      { type: "file", accept: "image/*", class: "unseen", capture: camera && "environment", multiple: !camera, onchange: () => { adding = Promise.all([adding, add([...input.files]).finally(() => { input.value = ""; })]); } },
    );
    return el("label", { class: "button large grow" }, input, camera ? t("Take a photo") : t("Choose photos"));
  };
  async function add(files) {
    for (const file of files.slice(0, most - taken.length)) taken.push(await shrunk(file));
    draw();
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function draw() {
    shown.replaceChildren(...taken.map((photo, place) => {
      const url = URL.createObjectURL(photo.blob);
      const image = el("img", { src: url, alt: t("Photo {n}", { n: place + 1 }), class: "shot", onload: () => URL.revokeObjectURL(url) });
      const remove = el(
        "button",
        { type: "button", class: "remove", "aria-label": t(
          "Remove photo {n}", { n: place + 1 },
        ), onclick: () => { taken.splice(place, 1); draw(); element.dispatchEvent(new Event("input", { bubbles: true })); } },
        "×",
      );
      return el("div", { class: "frame" }, image, remove);
    }));
  }
  element.append(
    el("p", { class: "name" }, least ? t("{label} (needed)", { label }) : label), shown,
    el("div", { class: "row" }, take(true), take(false)),
  );
  return {
    element, photos: taken, ready: () => adding, value: () => undefined, fault: () => (taken.length < least ? t("A photo of the result is needed.") : ""),
    restore: (kept) => { taken.splice(0, taken.length, ...(kept ?? [])); draw(); }, focus: () => element.querySelector("input").focus(),
  };
}

export const KINDS = { words, choice, select, time, photos };
