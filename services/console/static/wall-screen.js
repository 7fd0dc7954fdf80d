// The view for the large screen on the wall: large type, a clock, no filters; calmly goes on to the next part if asked to.
import { el, exact, now, t, zone } from "/static/core.js";
import { address, read } from "/static/wall-asked.js";
import { city } from "/static/wall-city.js";
import { go } from "/static/wall-go.js";

const TURN_MS = 20000;
const SCENES = [ // which panels, and what they show
  ["trend", { trend: "cases", heat: "open" }], ["tables", { show: "cases" }],
  ["trend", { trend: "times", heat: "resolution" }], ["tables", { show: "times" }],
  ["trend", { trend: "rates", heat: "overdue_share" }], ["tables", { show: "rates" }],
  ["rates", {}],
];
const clock = document.getElementById("clock");
let turn = 0;
let turning = 0;
let bar = null;

export function show(state) {
  const on = state.screen === "1";
  document.documentElement.classList.toggle("screen", on);
  clearInterval(turning);
  bar?.remove();
  document.body.dataset.shows = state.show; // tables of rates have rows of two lines
  if (!on) return;
  document.body.dataset.scene = SCENES[turn % SCENES.length][0];
  bar = el("div", { class: "screen-bar" },
    el("button", { type: "button", class: "chip", onclick: () => next() }, t("Next part")),
    el(
      "button",
      {
        type: "button",
        class: "chip",
        "aria-pressed": String(state.rotate === "panels"),
        onclick: () => go({ rotate: state.rotate === "panels" ? "" : "panels" }),
      },
      t("Turn over by itself"),
    ),
    el(
      "button",
      {
        type: "button",
        class: "chip",
        "aria-pressed": String(state.rotate === "areas"),
        onclick: () => go({ rotate: state.rotate === "areas" ? "" : "areas" }),
      },
      t("Area after area"),
    ),
    el(
      "button",
      { type: "button", class: "chip", onclick: () => document.documentElement.requestFullscreen?.().catch(() => {}) },
      t("Full screen"),
    ),
    el("a", { class: "chip", href: address(state, { screen: "", rotate: "" }), id: "to-screen" }, t("To the working view")),
  );
  document.querySelector("main").append(bar);
  if (state.rotate) turning = setInterval(() => !document.hidden && next(), TURN_MS);
}

// Goes on: to the next part, or with areas, to the next street of the city and in the end to all of it again.
function next() {
  const state = read();
  if (state.rotate !== "areas") {
    turn += 1;
    return go(SCENES[turn % SCENES.length][1], { keep: true });
  }
  const streets = [null, ...Object.keys(city.areas).filter((id) => city.areas[id].level === 1)];
  const at = streets.indexOf(state.filters.street?.[0] ?? null);
  go({ filters: { street: streets[(at + 1) % streets.length], community: null, grid: null, county: null } }, { keep: true });
}

setInterval(() => {
  if (!document.documentElement.classList.contains("screen")) return;
  clock.textContent = new Intl.DateTimeFormat(
    document.documentElement.lang,
    { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  ).format(now() * 1000);
  clock.title = exact(now());
}, 1000);

document.addEventListener("keydown", (event) => {
  if (!document.documentElement.classList.contains("screen") || event.target.closest("input, select, textarea, dialog")) return;
  if (event.key === "ArrowRight") bar.firstChild.click();
  if (event.key === "Escape" && !document.fullscreenElement) go({ screen: "", rotate: "" });
});
