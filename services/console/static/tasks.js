// The page of people in the field: brings together the list, what waits, and what is looked at; keeps all of it true.
import { el, freshen, now, remember as cookie, session, short, t, tn } from "/static/core.js";
import { showCase } from "/static/tasks-case.js";
import { perform } from "/static/tasks-doing.js";
import { ask, cityOf, forget, keepPage, keepPhotos, me, readIn, remember, remembered, wind } from "/static/tasks-keep.js";
import { recordLate } from "/static/tasks-late.js";
import { showList } from "/static/tasks-list.js";
import { laid, when } from "/static/tasks-overlay.js";
import { follow, moved, position } from "/static/tasks-place.js";
import { entries, flush, listen, settle, state } from "/static/tasks-sending.js";
import { showWaiting } from "/static/tasks-waiting.js";
import { asked } from "/static/tasks-form.js";
import { pressing } from "/static/tasks-words.js";

const EVERY_MS = 5_000;
const box = (id) => document.getElementById(id);
const seen = { mine: null, tag: null, as_of: null, offline: false, out: false, city: null, entries: [] };
let timer = null;

async function refresh() {
  clearTimeout(timer);
  const began = Date.now();
  try {
    const told = await ask(seen.tag);
    const before = seen.offline || seen.out;
    Object.assign(seen, { offline: false, out: false, tag: told.tag, as_of: told.at });
    if (told.mine && told.mine.person !== me) return location.reload(); // somebody else has signed in
    if (told.mine) await take(told.mine);
    await settle(new Map(seen.mine.errands.map((one) => [one.id, one.version])), began);
    if (before) { navigator.serviceWorker?.controller?.postMessage("online"); flush(true); }
  } catch (problem) {
    if (problem.status === undefined && !(problem instanceof TypeError) && problem.name !== "TimeoutError") throw problem;
    seen.out = problem.status === 401 || problem.status === 403;
    seen.offline = !seen.out;
    show();
  }
  timer = setTimeout(() => (document.hidden ? null : refresh()), EVERY_MS);
}

async function take(mine) {
  seen.mine = mine;
  await remember(mine);
  show();
  keepPhotos(mine.errands).catch(() => {}); // there is no room, or the connection is lost: then there are none
}

const laidOut = () => seen.mine.errands.map((one) => laid(one, seen.entries));

async function show() {
  seen.entries = await entries();
  line();
  listBar();
  if (!seen.mine) return;
  box("duty").textContent = seen.mine.on_duty ? t("On duty") : t("Off duty");
  const errands = laidOut();
  if (fresh("list", errands)) showList(box("errands"), errands, seen.mine, now());
  await showChosen(errands);
}

// Whether a part of the page must be drawn anew: what it shows has changed, or how far it is, or how much time is left.
const drawn = new Map();
function fresh(part, what) {
  const seal = JSON.stringify([
    what, location.hash, seen.offline, seen.out, Boolean(seen.city), position(),
    [].concat(what).map((one) => one && [pressing(one), when(one, now(), seen.mine.day_ends)]),
  ]);
  return drawn.get(part) !== seal && drawn.set(part, seal);
}

async function showChosen(errands) {
  const chosen = location.hash.slice(1);
  const panel = box("case");
  const errand = errands.find((one) => one.id === chosen);
  const other = panel.dataset.id !== chosen || panel.hidden;
  panel.hidden = !errand && chosen !== "waiting";
  document.body.classList.toggle("has-case", !panel.hidden);
  if (chosen === "waiting") await showWaiting(panel, back, flush);
  else if (errand && fresh("case", errand)) showCase(
    panel, errand,
    { kit: seen.mine.kit, city: seen.city, back, go: (name) => perform(errand, name, seen.mine.kit), offline: seen.offline || seen.out },
  );
  if (!panel.hidden && other) panel.querySelector("#case-title")?.focus({ preventScroll: true });
}

const back = () => { location.hash = ""; };

// The line at the top: whether there is a connection, and whether somebody has to sign in again.
function line() {
  const open = seen.entries.filter((one) => one.state !== "sent").length;
  const as_of = seen.as_of ?? seen.mine?.now;
  const out = seen.out || state.became === "signed-out";
  const parts = [];
  if (out) parts.push(
    el(
      "span", { class: "grow" },
      open ? tn("Sign in again: {n} waits to be sent.", "Sign in again: {n} wait to be sent.", open) : t("Sign in again."),
    ),
    el("a", { class: "button", href: "/sign-in?to=/tasks" }, t("Sign in")),
  );
  else if (seen.offline) parts.push(el("span", {}, t("Offline, as of {time}", { time: as_of ? short(as_of) : "—" })));
  const text = parts.map((one) => one.textContent).join();
  if (box("line").dataset.text !== text) box("line").replaceChildren(...parts);
  Object.assign(box("line").dataset, { text });
  box("line").hidden = !parts.length;
  box("line").className = `line ${out ? "out" : "away"}`;
}

function listBar() {
  const refused = seen.entries.filter((one) => one.state === "refused").length;
  const open = seen.entries.filter((one) => one.state === "waiting").length;
  const late = el(
    "button", { type: "button", class: "button large grow", onclick: () => recordLate(seen.mine.kit, seen.city) },
    t("Record what I already handled"),
  );
  const label = refused ? tn("{n} refused", "{n} refused", refused) : open ? tn("{n} to send", "{n} to send", open) : t("Sent");
  const waiting = el("a", { class: `button large outgoing${refused ? " refused" : open ? " waits" : ""}`, href: "#waiting" }, label);
  late.disabled = !seen.mine;
  const bar = box("list-bar");
  if (bar.dataset.text !== label + late.disabled) bar.replaceChildren(late, waiting);
  bar.dataset.text = label + late.disabled;
}

// Whoever signs out takes along what was kept for them; what they have done waits for them here.
async function signOut(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  const link = event.currentTarget.href;
  const open = seen.entries.filter((one) => one.state !== "sent").length;
  const note = tn(
    "{n} entry is not sent yet. It stays on this phone and goes out when you sign in here again.",
    "{n} entries are not sent yet. They stay on this phone and go out when you sign in here again.", open,
  );
  if (open && !(await asked({ title: t("Sign out"), note, asks: [], label: t("Sign out") }))) return;
  await forget();
  location.href = link;
}

async function begin() {
  document.querySelector('.own a[href="/sign-out"]')?.addEventListener("click", signOut, { capture: true });
  box("language").addEventListener("click", otherLanguage, { capture: true });
  const theme = document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1];
  if (theme) document.documentElement.dataset.theme = theme;
  addEventListener("hashchange", show);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
  addEventListener("online", refresh);
  addEventListener("offline", () => { seen.offline = true; show(); });
  listen(show);
  moved(show);
  const list = await remembered();
  if (list) Object.assign(seen, { mine: list.mine, as_of: list.at });
  if (list && !navigator.onLine) wind(list);
  await show();
  await refresh();
  if (seen.offline) wind(list);
  cityOf().then((city) => { seen.city = city ?? null; show(); });
  flush(true);
  follow();
  setInterval(() => { if (!document.hidden) freshen(); }, 15_000);
  if (seen.offline || seen.out) return;
  await navigator.serviceWorker?.register(
    "/tasks/worker.js", { type: "module", scope: "/tasks" },
  ).catch((problem) => console.warn("No page without a connection:", problem));
  await keepPage();
}

// The page is kept in both languages: switching works without a connection.
async function otherLanguage(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  const { lang } = event.currentTarget.dataset;
  cookie("lang", lang);
  await readIn(lang);
  location.reload();
}

if (session) begin();
