// One errand: what, where, until when, what may be done; its main act within the thumb's reach.
import { el, exact, metres, t, timeTag } from "/static/core.js";
import { acts, demanded, fitting } from "/static/tasks-acts.js";
import { chosen } from "/static/tasks-form.js";
import { marks } from "/static/tasks-list.js";
import { mapOf } from "/static/tasks-map.js";
import { far } from "/static/tasks-place.js";
import { both, dueTag, placeOf, standing, titleOf } from "/static/tasks-words.js";
import { waitingList } from "/static/tasks-waiting.js";

// Shows an errand; `go(name)` does an act. The map stays as it is while the place does.
export function showCase(box, errand, { kit, city, back, go, offline }) {
  const place = `${errand.id} ${errand.location?.lat} ${errand.location?.lon}`;
  const map = box.querySelector(".spot");
  const keep = map?.dataset.place === place ? map : null;
  const scrolled = box.dataset.id === errand.id ? box.querySelector(".case-body")?.scrollTop : 0;
  const opened = box.dataset.id === errand.id && box.querySelector("details")?.open;
  box.dataset.id = errand.id;
  box.replaceChildren(head(errand, back), body(errand, { keep, city, place, offline, opened }), bar(errand, kit, go));
  box.querySelector(".case-body").scrollTop = scrolled ?? 0;
}

const head = (errand, back) => el("header", { class: "case-head" },
  el("button", { type: "button", class: "back", "aria-label": t("Back to the list"), onclick: back }, "‹"),
  el(
    "div", { class: "grow" }, el("h2", { id: "case-title", tabindex: -1 }, titleOf(errand)),
    el("p", { class: "soft number" }, errand.number),
  ));

function body(errand, { keep, city, place, offline, opened }) {
  const there = errand.waiting.length + errand.refused.length;
  return el("div", { class: "case-body" },
    el("p", { class: "row" }, dueTag(errand), errand.grade === "emergency" && el(
      "span", { class: "grade emergency" }, t("Emergency"),
    ), errand.grade === "urgent" && el("span", { class: "grade urgent" }, t("Urgent")),
      el("span", { class: "chip strong" }, standing(errand)), errand.supposed ? el(
        "span", { class: "mark waits" }, t("as soon as it is sent"),
      ) : marks(errand).at(-1)),
    errand.due ? el("p", { class: "soft" }, t("Until {time}", { time: exact(errand.due.at) })) : null,
    there ? waitingList([...errand.refused, ...errand.waiting]) : null,
    errand.awaits ? el("p", { class: "demand" }, t("You were reminded of this. Go on with it, or explain the delay.")) : null,
    errand.confidential ? el(
      "p", { class: "demand" },
      offline && !errand.text ? t("Confidential: the details are shown only while there is a connection.") : t("Confidential: nothing of it stays on this phone."),
    ) : null,
    errand.text ? el("blockquote", { lang: errand.language }, errand.text) : null,
    both(errand.condition) ? el("p", { class: "soft" }, both(errand.condition)) : null,
    pictures(errand),
    where(errand, { keep, city, place }),
    errand.done && errand.kind === "check" ? el(
      "div", {}, el("h3", {}, t("What the handler did")), el("blockquote", {}, errand.done),
    ) : null,
    errand.paused && errand.status === "paused" ? el("p", {}, t("Paused: {reason}", { reason: both(errand.paused) })) : null,
    errand.kind === "task" && demanded(errand) ? el("p", { class: "demand" }, demanded(errand)) : null,
    errand.steps.length ? el(
      "details", { open: opened }, el("summary", {}, t("What happened so far")), el("ol", { class: "steps" }, errand.steps.map(step)),
    ) : null);
}

const step = (one) => el("li", {}, el("p", {}, both(one.told)), el("p", { class: "soft small" }, both(one.who), " · ", timeTag(one.at)));

function pictures({ photos }) {
  const some = (after, label) => photos.filter((photo) => photo.after === after).map((photo, place) =>
    el(
      "a", { href: photo.url, target: "_blank", rel: "noopener", class: "frame" },
      el("img", { class: "shot", src: photo.thumb, alt: t("{label} {n}", { label, n: place + 1 }), loading: "lazy" }),
    ));
  return photos.length ? el(
    "div", { class: "row shots" }, some(false, t("Photo of the matter")), some(true, t("Photo of the result")),
  ) : null;
}

function where(errand, { keep, city, place }) {
  const at = errand.location;
  const away = far(errand);
  return el("div", { class: "place" }, el("h3", {}, t("Where")),
    el(
      "p", {}, placeOf(errand), errand.address && errand.grid ? ` · ${both(errand.grid)}` : "",
      away === null || away === undefined ? null : el("strong", { class: "far" }, ` · ${metres(away)}`),
    ),
    at && city ? keep ?? mapOf(at, city, place) : null,
    at ? el(
      "a", { class: "button large wide-button", href: `geo:${at.lat},${at.lon}?q=${at.lat},${at.lon}` }, t("Open in the map of the phone"),
    ) : null);
}

function bar(errand, kit, go) {
  const { bar: names, more } = fitting(errand);
  if (!names.length && !more.length) return el(
    "div", { class: "bar" }, el("p", { class: "soft grow" }, t("Nothing more for you to do here.")),
  );
  const all = acts(errand, kit);
  const button = (name, main) => el(
    "button",
    { type: "button", class: `button large grow${main ? " primary" : ""}${all[name].danger && !main ? " danger" : ""}`, "data-act": name, onclick: () => go(name) },
    all[name].label,
  );
  const menu = async () => {
    const name = await chosen(t("More"), more.map((key) => ({ key, label: all[key].label, danger: all[key].danger })));
    if (name) go(name);
  };
  const others = more.length ? el(
    "button",
    { type: "button", class: "button large more", "aria-label": t("More"), "aria-haspopup": "dialog", "data-act": "more", onclick: menu },
    "⋯",
  ) : null;
  return el("div", { class: "bar" }, others, names.map((name, place) => button(name, place === names.length - 1)));
}
