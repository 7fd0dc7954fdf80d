// The list: what is to do now, today and later, each thing one large target.
import { el, metres, t, tn } from "/static/core.js";
import { far } from "/static/tasks-place.js";
import { ordered, when } from "/static/tasks-overlay.js";
import { both, dueTag, placeOf, pressing, standing, titleOf } from "/static/tasks-words.js";

const PARTS = [
  ["now", () => t("Now")], ["today", () => t("Today")], ["later", () => t("Later")], ["done", () => t("Done, waits to be sent")],
];

// Shows the errands, which are already laid over with what waits.
export function showList(box, errands, mine, time) {
  const parts = Map.groupBy ? Map.groupBy(
    errands, (one) => when(one, time, mine.day_ends),
  ) : grouped(errands, (one) => when(one, time, mine.day_ends));
  const shown = PARTS.filter(([key]) => parts.has(key)).map(([key, name]) => part(
    key, name(), ordered(parts.get(key).map((one) => ({ ...one, far: far(one) }))),
  ));
  const focused = document.activeElement?.closest?.("a.errand")?.dataset.id;
  box.replaceChildren(...(shown.length ? shown : [el("p", { class: "empty" }, t("Nothing to do just now."))]));
  if (focused) box.querySelector(`a.errand[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function grouped(all, key) {
  const found = new Map();
  for (const one of all) found.set(key(one), [...(found.get(key(one)) ?? []), one]);
  return found;
}

const part = (key, name, errands) => el("section", { class: `part-of-day ${key}`, "aria-label": name },
  el("h2", {}, name, el("span", { class: "count" }, errands.length)), el("ul", {}, errands.map((errand) => el("li", {}, card(errand)))));

function card(errand) {
  const chosen = location.hash === `#${errand.id}`;
  return el("a", { class: `errand ${pressing(errand)}`, href: `#${errand.id}`, "data-id": errand.id, "aria-current": chosen && "true" },
    el(
      "span", { class: "row" }, dueTag(errand), errand.grade === "emergency" && el("span", { class: "grade emergency" }, t("Emergency")),
      errand.grade === "urgent" && el("span", { class: "grade urgent" }, t("Urgent")),
    ),
    el("strong", {}, titleOf(errand)),
    errand.text ? el("span", { class: "said", lang: errand.language }, errand.text) : null,
    el(
      "span", { class: "where" }, el("span", { class: "grow" }, placeOf(errand)),
      errand.far === null || errand.far === undefined ? null : el("span", { class: "far" }, metres(errand.far)),
    ),
    el("span", { class: "row marks" }, el("span", { class: "chip" }, kindOf(errand)), ...marks(errand)));
}

const kindOf = (errand) => (errand.kind === "look" ? t("Look before filing") : standing(errand));

// Returns the marks of what waits to be sent, and of what was refused.
export function marks(errand) {
  const { waiting, refused } = errand;
  return [
    errand.awaits ? el("span", { class: "mark refused" }, t("You were reminded")) : null,
    waiting.length ? el("span", { class: "mark waits" }, tn("{n} waits to be sent", "{n} wait to be sent", waiting.length)) : null,
    refused.length ? el("span", { class: "mark refused" }, t("Refused, look at it")) : null,
    errand.paused && errand.status === "paused" ? el("span", { class: "chip" }, both(errand.paused)) : null,
  ].filter(Boolean);
}

