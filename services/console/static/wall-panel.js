// One panel of the wall: it asks, shows what came only where something changed, and offers its table and its file.
import { el, t } from "/static/core.js";
import { download, tableOf } from "/static/wall-sheet.js";

const TIMED = new Set(["as_of", "before"]); // of an answer: not what it says, but when
const panels = [];
export const sheets = () => panels.map((panel) => panel.sheet).filter(Boolean);

// Makes a panel of a section of the page. `ask(state)` brings what it is about, `sheet(told, state)` makes rows and columns of it;
// `draw(box, told, state, sheet)` shows it otherwise than as that table, which is then one click away; `tools(state)` is beside the name.
// `few` is how many rows are shown until somebody asks for all.
export function panel(id, { ask, sheet, draw, tools, note, few }) {
  const section = document.getElementById(`panel-${id}`);
  const [body, under, bar] = [section.querySelector(".body"), section.querySelector(".note"), section.querySelector(".tools")];
  const made = { id, sheet: null, told: null, state: null, seen: "" };
  const picture = draw && bar ? el("div", { class: "picture" }, el("div", { class: "skeleton" })) : null;
  const table = el("div", { class: "table", hidden: Boolean(picture) });
  const toggle = el("button", { type: "button", class: "chip", "aria-pressed": "false", onclick: () => turn(table.hidden) }, t("Table"));
  const file = el(
    "button",
    {
      type: "button",
      class: "chip",
      title: t("What is shown here, for a spreadsheet"),
      onclick: () => download([made.sheet], made.sheet.name),
    },
    "CSV",
  );

  const rest = el("button", { type: "button", class: "chip", id: `rest-${id}`, onclick: () => { whole = !whole; show(); } });
  let whole = false;

  function turn(asTable) {
    toggle.setAttribute("aria-pressed", String(asTable));
    table.hidden = !asTable;
    picture.hidden = asTable;
    if (!asTable) drawn();
  }

  // Where the library of charts or maps cannot be had, there is the table.
  const drawn = () => Promise.resolve(draw(picture, made.told, made.state, made.sheet)).catch(() => turn(true));
  function cut(all) {
    rest.hidden = !few || all.rows.length <= few;
    rest.textContent = whole ? t("The first {n}", { n: few }) : t("All {n} rows", { n: all.rows.length });
    return rest.hidden || whole ? all : { ...all, rows: all.rows.slice(0, few) };
  }

  function show() {
    const { told, state } = made;
    made.sheet = cut(sheet(told, state));
    const held = body.contains(document.activeElement) ? keyOf(document.activeElement) : null;
    if (bar && made.offered !== state) replaced(bar, ...(tools ? tools(state) : []), ...(picture ? [toggle] : []), rest, file);
    made.offered = state; // a menu stays as it is while only figures change: it may be open
    if (body.firstElementChild !== (picture || table)) body.replaceChildren(
      ...(picture ? [picture] : []),
      ...(draw && !picture ? [] : [table]),
    );
    if (!draw || picture) renew(
      table,
      made.sheet.rows.length ? tableOf(made.sheet) : el("p", { class: "empty" }, made.sheet.empty || t("Nothing in this period.")),
    );
    if (draw && !picture) draw(body, told, state, made.sheet);
    else if (picture && !picture.hidden) drawn();
    const words = [
      note?.(told, state),
      told.left_out && t("Confidential cases are left out here, because both what and where is told."),
    ].filter(Boolean);
    under.replaceChildren(...words.flatMap((word) => [word, " "]));
    under.hidden = words.length === 0;
    if (held) body.querySelector(held)?.focus({ preventScroll: true });
  }

  if (picture) new ResizeObserver(() => made.told && !picture.hidden && picture.querySelector(".skeleton") && drawn()).observe(picture);
  made.refresh = async (state) => {
    const told = await ask(state);
    const seen = JSON.stringify(
      [told, state],
      (key, value) => (TIMED.has(key) && typeof value === "string" && key !== "list" ? undefined : value),
    );
    Object.assign(made, { told, state });
    if (seen !== made.seen) show();
    made.seen = seen;
    return told;
  };
  panels.push(made);
  return made;
}

function renew(box, content) {
  const scrolled = box.querySelector(".wide")?.scrollLeft || 0;
  box.replaceChildren(content);
  if (scrolled) box.querySelector(".wide").scrollLeft = scrolled;
}

// Replaces the buttons and menus of a box; the one at the place that had the focus has it again.
export function replaced(box, ...content) {
  const all = () => [...box.querySelectorAll("button, select, a")];
  const at = all().indexOf(document.activeElement);
  box.replaceChildren(...content);
  if (at >= 0) all()[at]?.focus({ preventScroll: true });
}

// How the element that has the focus is found again after its panel was made anew.
function keyOf(element) {
  const { list, figure } = element.dataset;
  if (list) return `[data-list="${CSS.escape(list)}"]`;
  if (figure) return `[data-figure="${CSS.escape(figure)}"]`;
  return element.id ? `#${element.id}` : null;
}

// Returns buttons of which one is pressed: [[value, name], ...].
export function segments(label, all, chosen, pick) {
  const button = ([value, name]) => el(
    "button",
    { type: "button", class: "chip", "aria-pressed": String(value === chosen), onclick: () => pick(value) },
    name,
  );
  return el("span", { class: "segments", role: "group", "aria-label": label }, ...all.map(button));
}

// Returns a menu: [[value, name], ...].
export function menu(label, all, chosen, pick) {
  const options = all.map(([value, name]) => el("option", { value, selected: value === chosen }, name));
  return el("select", { class: "menu", "aria-label": label, onchange: (event) => pick(event.target.value) }, ...options);
}
