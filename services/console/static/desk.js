// The dispatch desk: joins the feed, the filters, the list, the map, the case panel and the keys.
import { now, session } from "/static/core.js";
import { address, inAddress, wayBack } from "/static/desk-address.js";
import { emergencies, linkState } from "/static/desk-alarm.js";
import { chips } from "/static/desk-chips.js";
import { elsewhere } from "/static/desk-elsewhere.js";
import { active, fromQuery, nothing, sieve } from "/static/desk-filters.js";
import { above, everySecond, frame, searchBox, tally } from "/static/desk-frame.js";
import { keys, tellKeys } from "/static/desk-keys.js";
import { virtualList } from "/static/desk-list.js";
import { live } from "/static/desk-live.js";
import { many } from "/static/desk-many.js";
import { deskMap } from "/static/desk-map.js";
import { Order } from "/static/desk-order.js";
import { casePanel } from "/static/desk-panel.js";
import { powers, readWords } from "/static/desk-words.js";

const FOLLOWING = 180; // milliseconds after which the open case follows the cursor

await readWords();
const $ = (id) => document.getElementById(id);
const [desk, box] = [$("desk"), $("list")];
const order = new Order();
const me = powers(session);
let filters = fromQuery(location.search);
let cursor = null; // the case that the keys act on
let ready = false;
let following = 0;

// -- the parts

const goTo = (id) => {
  moveTo(id);
  openCase(id);
};
const list = virtualList(box, {
  open: goTo,
  pick(id, { through }) {
    selected[through ? "through" : "toggle"](id);
    moveTo(id);
  },
  above: (n) => above($("above"), n),
});
const map = deskMap($("map"), (ids) => (ids.length === 1 ? goTo(ids[0]) : selected.set(ids)));
const around = frame(desk, $("to-list"), $("to-map"), {
  map: (hidden) => address(filters, { map: hidden ? "0" : "" }, "replace"),
  drawn: map.redraw,
});
const panel = casePanel($("panel"), me, {
  close: closeCase,
  open: openCase,
  done: () => refresh(true),
  locate(row) {
    if (matchMedia("(max-width: 62.49rem)").matches) closeCase();
    around.view(true);
    map.choose(row, true);
  },
});
const selected = many($("many"), me, {
  row: (id) => order.rows.get(id),
  list: list.rows,
  changed: (ids) => list.mark({ picked: ids }),
  cursor: () => cursor,
});
const menu = chips($("chips"), me, (change) => filterBy(change ?? nothing()));

// -- what is shown

function filterBy(change, how) {
  filters = { ...filters, ...change };
  address(filters, {}, how);
  refresh();
}

// Shows the list anew; `live`: because something has happened, not because somebody wants to see something else.
function refresh(live = false) {
  const { passes, count } = sieve(filters, me, now());
  const rows = order.shown(passes);
  list.show(rows, live);
  if ($("search").value.trim() !== filters.q.trim()) $("search").value = filters.q;
  menu.draw(filters, count(order.rows.values()));
  map.show(rows);
  if (ready) tally($("count"), $("nothing"), rows.length, order.rows.size, active(filters));
  selected.refresh();
  elsewhere($("elsewhere"), filters, openCase);
}

const soon = live(order, {
  link: linkState($("link")),
  came: emergencies($("alarm"), $("sound"), goTo),
  all() {
    ready = true;
    refresh();
    if (panel.id) panel.update(order.rows.get(panel.id));
    else if (inAddress("case")) showCase(inAddress("case"));
  },
  draw(changed) {
    refresh(true);
    list.flash(changed);
  },
  touched: (id, row) => id === panel.id && panel.update(row),
});

// Puts the cursor on a row, which keeps its place from now on; the open case follows.
function moveTo(id) {
  cursor = id;
  order.hold(id);
  list.mark({ cursor });
  refresh();
  list.reveal(id);
  clearTimeout(following);
  following = setTimeout(() => {
    if (cursor === id && panel.id && panel.id !== id) openCase(id);
  }, FOLLOWING);
}

function openCase(id) {
  address(filters, { case: id }, panel.id ? "replace" : "push");
  showCase(id);
}

function showCase(id) {
  const row = order.rows.get(id);
  desk.classList.add("has-panel");
  list.mark({ opened: id });
  panel.show(id, row);
  map.choose(row);
  if (!cursor && row) moveTo(id);
}

function hideCase() {
  desk.classList.remove("has-panel");
  list.mark({ opened: null });
  panel.close();
  map.choose(null);
  refresh();
}

function closeCase() {
  address(filters, { case: "" });
  hideCase();
  box.focus({ preventScroll: true });
}

// -- keys, search, and the way back

function step(by) {
  const rows = list.rows();
  if (!rows.length) return;
  const at = cursor ? list.at(cursor) : -1;
  moveTo(rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))].id);
  if (document.activeElement !== box) box.focus({ preventScroll: true });
}

keys(
  {
    step,
    page: () => list.inPage(),
    extend: (by) => selected.extend(() => step(by)),
    open: () => cursor && (panel.id === cursor ? panel.focus() : openCase(cursor), true),
    select: () => cursor && (selected.toggle(cursor), true),
    search: () => $("search").select(),
    map: around.toggle,
    back: () => (selected.size ? (selected.clear(), true) : panel.id && (closeCase(), true)),
  },
  (letter) => (selected.size ? selected.act(letter) : panel.act(letter)),
);

searchBox($("search"), {
  sought: (text) => filterBy({ q: text }, "replace"),
  left(downwards) {
    box.focus();
    if (downwards) step(0);
  },
});
$("keys").addEventListener("click", tellKeys);
$("above").addEventListener("click", () => {
  cursor = null;
  order.hold(null);
  list.mark({ cursor });
  refresh();
  list.top();
});

wayBack(() => {
  filters = fromQuery(location.search);
  around.layout();
  refresh();
  const id = inAddress("case");
  if (id && id !== panel.id) showCase(id);
  else if (!id && panel.id) hideCase();
});
everySecond((seconds) => {
  list.tick();
  panel.tick();
  if (seconds % 10 === 0) soon();
  if (seconds % 600 === 0) readWords().catch(() => {});
});
around.layout();
refresh();
