// The wall: asks for the figures every quarter of a minute, shows them, and says when they could not be brought up to date.
import { el, exact, freshen, Problem, seconds, t, tick, timeTag } from "/static/core.js";
import { address, read, seesCases } from "/static/wall-asked.js";
import { asking, noteOf, PLACES, sheetOf, toolsOf } from "/static/wall-by.js";
import * as cases from "/static/wall-cases.js";
import * as filters from "/static/wall-filters.js";
import { go } from "/static/wall-go.js";
import * as numbers from "/static/wall-numbers.js";
import { panel, replaced, segments, sheets } from "/static/wall-panel.js";
import * as rates from "/static/wall-rates.js";
import * as recurring from "/static/wall-recurring.js";
import { download } from "/static/wall-sheet.js";
import * as screen from "/static/wall-screen.js";
import "/static/wall-paper.js";
import * as trend from "/static/wall-trend.js";

const EVERY_MS = 15000;
const STILL_MS = 60000; // without newer figures
const FEW = 10; // rows of a table, until all are asked for
const AGAIN_MS = 5000; // after something went wrong
const box = (id) => document.getElementById(id);
const place = box("as-of");
let view = read();
let asOf = null;
let moved = performance.now(); // when the figures were last newer than before
let timer = 0;
let running = null;

const by = (name, key, all, title) => panel(
  name,
  {
    ask: asking((state) => (all.includes(state[key]) ? state[key] : all[0])),
    sheet: sheetOf(title),
    tools: toolsOf(key, all, go),
    note: noteOf,
    few: FEW,
  },
);
const panels = [
  panel("numbers", numbers),
  by("where", "where", PLACES, () => t("By area")),
  by("who", "who", ["department"], () => t("By unit")),
  by("what", "what", ["group", "category"], () => t("By type")),
  panel("trend", trend),
  panel("rates", { ...rates, tools: rates.tools(go), few: FEW }),
];
if (seesCases) panels.push(panel("recurring", { ...recurring, few: FEW }));
else box("panel-recurring").hidden = true;

// The map comes when its library is there; figures do not wait for it.
import("/static/wall-heat.js").then(async (heat) => {
  const made = panel("heat", heat);
  panels.push(made);
  await made.refresh(view);
}).catch(say);

// -- keeping fresh

async function refresh() {
  clearTimeout(timer);
  const mine = (running = {});
  let wrong = null;
  for (const some of [panels.slice(0, 1), panels.slice(1)]) {
    const told = await Promise.allSettled(some.map((one) => one.refresh(view)));
    if (mine !== running) return;
    for (const { reason, value } of told) {
      if (reason && !(reason instanceof Problem)) reportError(reason);
      wrong ||= reason;
      if (value?.about) reached(value.about.as_of);
    }
    if (wrong) break;
  }
  say(wrong || (performance.now() - moved > STILL_MS ? new Problem(-1) : null));
  timer = setTimeout(refresh, wrong ? Math.max(AGAIN_MS, wrong.retryAfter * 1000) : EVERY_MS);
}

function reached(time) {
  if (time !== asOf) moved = performance.now();
  asOf = time;
  tick(seconds(time));
  place.replaceChildren(t("As of"), " ", timeTag(time, exact), " · ", timeTag(time));
}

// Says what is wrong, and how old what is shown has become by that; nothing where all is well.
function say(wrong) {
  const state = box("state");
  state.hidden = !wrong;
  document.body.classList.toggle("stale", Boolean(wrong));
  if (!wrong) return state.replaceChildren();
  const old = asOf ? [" ", t("What you see is of {time}.", { time: exact(asOf) })] : [];
  const words = wrong.status === 503 ? [t("The figures are still being read; it takes a moment.")]
    : wrong.status === 401 ? [
      t("You are not signed in any more."),
      " ",
      el("a", { href: `/sign-in?to=${encodeURIComponent(location.pathname + location.search)}` }, t("Sign in")),
    ]
      : wrong.status === -1 ? [t(
        "The console answers, but has no newer figures."
      )] : wrong.status === 0 ? [t("The connection is lost; it is tried again.")] : [wrong.message];
  state.replaceChildren(...words, ...old);
}

// -- another view

function look() {
  const state = read();
  filters.show(state);
  document.querySelector("h1").textContent = filters.heading(state);
  box("scope").textContent = filters.scope(state);
  const shown = segments(
    t("What the tables show"),
    [["cases", t("Cases")], ["times", t("Times")], ["rates", t("Rates")]],
    state.show,
    (show) => go({ show }),
  );
  replaced(
    box("wall-tools"),
    el("span", { class: "row" }, el("span", { class: "soft small" }, t("Tables")), shown),
    el("button", { type: "button", class: "chip", onclick: () => download(sheets(), "wall") }, t("All as CSV")),
    el("button", { type: "button", class: "chip", onclick: () => print() }, t("Print")),
    el("a", { class: "chip", href: address(state, { screen: "1" }), id: "to-screen" }, t("For the large screen")),
  );
  screen.show(state);
  cases.open(state.list);
}

const asked = ({ list, ...rest }) => JSON.stringify(rest); // whatever list of cases is open above it
addEventListener("popstate", () => {
  const next = read();
  const other = asked(next) !== asked(view);
  if (other) view = next;
  look();
  if (other) refresh();
});
addEventListener("cases-closed", () => read().list && go({ list: "" }));
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.to-cases, #to-screen");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", link.getAttribute("href"));
  dispatchEvent(new PopStateEvent("popstate"));
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
addEventListener("online", refresh);
addEventListener("offline", () => say(new Problem(0)));
setInterval(() => freshen(place), 1000);
look();
await refresh();
