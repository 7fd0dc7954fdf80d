// The dispatch desk: joins the feed, the filters, the list, the map, the case panel and the keys.
import { now, number, session, t, tn } from "/static/core.js";
import { chips } from "/static/desk-chips.js";
import { follow } from "/static/desk-feed.js";
import { active, fromQuery, nothing, sieve, toQuery } from "/static/desk-filters.js";
import { keys, tellKeys } from "/static/desk-keys.js";
import { virtualList } from "/static/desk-list.js";
import { many } from "/static/desk-many.js";
import { deskMap } from "/static/desk-map.js";
import { Order } from "/static/desk-order.js";
import { casePanel } from "/static/desk-panel.js";
import { emergencies, linkState } from "/static/desk-alarm.js";
import { elsewhere } from "/static/desk-elsewhere.js";
import { readWords, told } from "/static/desk-words.js";

const $ = (id) => document.getElementById(id);
const desk = $("desk");
const order = new Order();
const post = (await readWords(), told("staff", session.id));
const me = { ...session, directs: ["operator", "duty_officer", "unit_head", "leader"].includes(post?.role), decides: session.roles.includes("supervisor") };
let filters = fromQuery(location.search);
let cursor = null;
let ready = false;
let pending = 0;

// -- the address: filters, the case that is open, whether the map is there

const inAddress = (name) => new URLSearchParams(location.search).get(name);

function address(changes, how = "push") {
  const asked = new URLSearchParams(toQuery(filters, location.search));
  for (const [name, value] of Object.entries(changes)) value ? asked.set(name, value) : asked.delete(name);
  const query = asked.toString().replaceAll("%2C", ",");
  if (`?${query}` === (location.search || "?")) return;
  history[how === "push" ? "pushState" : "replaceState"](null, "", query ? `?${query}` : location.pathname);
}

addEventListener("popstate", () => {
  filters = fromQuery(location.search);
  $("search").value = filters.q;
  layout();
  refresh();
  const id = inAddress("case");
  if (id !== panel.id) id ? showCase(id) : hideCase();
});

// -- the parts

const list = virtualList($("list"), {
  open: (id) => { moveTo(id); openCase(id); },
  pick: (id, { through }) => { through ? selected.through(id) : selected.toggle(id); moveTo(id); },
  above(n) { $("above").hidden = n === 0; if (n) $("above").textContent = `↑ ${tn("{n} new above", "{n} new above", n)}`; },
});
const map = deskMap($("map"), (ids) => { if (ids.length === 1) { moveTo(ids[0]); openCase(ids[0]); } else selected.set(ids); });
const panel = casePanel($("panel"), me, {
  close: closeCase,
  open: openCase,
  locate: (row) => { address({ map: "" }); desk.classList.add("on-map"); layout(); map.choose(row, true); },
  done: () => refresh(),
});
const selected = many($("many"), me, { get rows() { return order.rows; }, list: () => list.rows(), changed: (ids) => list.mark({ picked: ids }), cursor: () => cursor });
const menu = chips($("chips"), me, (change) => {
  filters = change ? { ...filters, ...change } : nothing();
  if (!change) $("search").value = "";
  address({});
  refresh();
});

// -- what is shown

function refresh(fresh) {
  pending = 0;
  const { passes, count } = sieve(filters, me, now());
  const rows = order.shown(passes);
  list.show(rows, fresh);
  menu.draw(filters, count(order.rows.values()));
  map.show(rows);
  $("count").textContent = active(filters) ? t("{n} of {all} open cases", { n: number(rows.length), all: number(order.rows.size) }) : tn("{n} open case", "{n} open cases", rows.length);
  $("nothing").hidden = rows.length > 0 || !ready;
  $("nothing").textContent = active(filters) ? t("No open case fits the filters.") : t("No case is open.");
  selected.refresh();
  elsewhere($("elsewhere"), filters, (id) => openCase(id));
}

let waiting = { changed: new Set(), fresh: new Set() };
function soon() {
  pending ||= requestAnimationFrame(() => {
    const { changed, fresh } = waiting;
    waiting = { changed: new Set(), fresh: new Set() };
    refresh(fresh);
    list.flash(changed);
  });
  if (document.hidden) { cancelAnimationFrame(pending); refresh(waiting.fresh); waiting = { changed: new Set(), fresh: new Set() }; }
}

const alarm = emergencies($("alarm"), $("sound"), (id) => { moveTo(id); openCase(id); });
const link = linkState($("link"));

follow({
  rows(rows) {
    order.reset(rows);
    ready = true;
    refresh();
    if (inAddress("case") && !panel.id) showCase(inAddress("case"));
    else if (panel.id) panel.update(order.rows.get(panel.id) ?? null);
  },
  changed(rows, gone) {
    for (const row of rows) {
      waiting.changed.add(row.id);
      if (!order.rows.has(row.id)) { waiting.fresh.add(row.id); alarm(row); }
    }
    order.change(rows, gone);
    soon();
    if (panel.id && (gone.includes(panel.id) || rows.some((row) => row.id === panel.id))) panel.update(order.rows.get(panel.id) ?? null);
  },
  link,
});

// -- one case

// Puts the cursor on a row, which keeps its place from now on.
function moveTo(id) {
  cursor = id;
  order.hold(id);
  list.mark({ cursor });
  refresh();
  list.reveal(id);
  if (desk.classList.contains("has-panel") && order.rows.has(id)) follow.later(id);
}
follow.later = (id) => { clearTimeout(follow.timer); follow.timer = setTimeout(() => { if (cursor === id && panel.id && panel.id !== id) openCase(id, "replace"); }, 180); };

function openCase(id, how = panel.id ? "replace" : "push") {
  address({ case: id }, how);
  showCase(id);
}

function showCase(id) {
  desk.classList.add("has-panel");
  list.mark({ opened: id });
  if (!cursor && order.rows.has(id)) { cursor = id; order.hold(id); list.mark({ cursor }); list.reveal(id); }
  panel.show(id, order.rows.get(id));
  map.choose(order.rows.get(id));
}

function hideCase() {
  desk.classList.remove("has-panel");
  list.mark({ opened: null });
  map.choose(null);
  panel.close();
  refresh();
}

function closeCase() {
  address({ case: "" });
  hideCase();
  $("list").focus({ preventScroll: true });
}

// -- the frame

function layout() {
  const hidden = inAddress("map") === "0";
  desk.classList.toggle("no-map", hidden);
  const onMap = desk.classList.contains("on-map");
  const wide = matchMedia("(min-width: 62.5rem)").matches;
  $("to-list").setAttribute("aria-pressed", String(wide ? hidden : !onMap));
  $("to-map").setAttribute("aria-pressed", String(wide ? !hidden : onMap));
  map.redraw();
}

function view(onMap) {
  desk.classList.toggle("on-map", onMap);
  if (matchMedia("(min-width: 62.5rem)").matches) address({ map: onMap ? "" : "0" }, "replace");
  layout();
}
$("to-list").addEventListener("click", () => view(false));
$("to-map").addEventListener("click", () => view(true));
$("above").addEventListener("click", () => { order.hold(null); cursor = null; list.mark({ cursor }); refresh(); list.top(); });
$("keys").addEventListener("click", tellKeys);
$("search").value = filters.q;
$("search").addEventListener("input", (event) => { filters = { ...filters, q: event.target.value }; address({}, "replace"); refresh(); });
$("search").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.value) { event.preventDefault(); event.target.value = ""; event.target.dispatchEvent(new Event("input")); }
  else if (["Enter", "ArrowDown", "Escape"].includes(event.key)) { event.preventDefault(); $("list").focus(); if (event.key !== "Escape") step(0); }
});

// -- keys

function step(by) {
  const rows = list.rows();
  if (!rows.length) return;
  const at = cursor ? list.at(cursor) : -1;
  moveTo(rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))].id);
  if (!$("list").contains(document.activeElement) && document.activeElement !== $("list")) $("list").focus({ preventScroll: true });
}
const extend = (by) => { if (cursor) selected.add(cursor); step(by); selected.add(cursor); };

keys({
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  PageDown: () => step(list.inPage()), PageUp: () => step(-list.inPage()), Home: () => step(-1e9), End: () => step(1e9),
  "Shift+ArrowDown": () => extend(1), "Shift+ArrowUp": () => extend(-1),
  Enter: () => { if (!cursor) return false; if (panel.id === cursor) panel.focus(); else openCase(cursor); },
  x: () => { if (!cursor) return false; selected.toggle(cursor); },
  "/": () => { $("search").focus(); $("search").select(); },
  "?": tellKeys,
  z: () => view($("to-map").getAttribute("aria-pressed") !== "true"),
  Escape: () => { if (selected.size) selected.clear(); else if (panel.id) closeCase(); else return false; },
}, (letter) => (selected.size ? selected.act(letter) : panel.id ? panel.act(letter) : false));

matchMedia("(min-width: 62.5rem)").addEventListener("change", layout);
layout();
refresh();
let turns = 0;
setInterval(() => {
  if (document.hidden) return;
  list.tick();
  panel.tick();
  turns += 1;
  if (turns % 10 === 0) { soon(); map.redraw(); }
  if (turns % 600 === 0) readWords().catch(() => {});
}, 1000);
