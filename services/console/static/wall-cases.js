// The cases behind a figure, each with a link to where one may read on; it says where the list cannot be as narrow as the figure.
import { el, number, own, Problem, short, t, timeTag } from "/static/core.js";
import { DIMENSIONS, read, steers } from "/static/wall-asked.js";
import { called } from "/static/wall-city.js";
import { FIGURES } from "/static/wall-figures.js";
import { download, tableOf } from "/static/wall-sheet.js";

const PAGE = 100;
const dialog = document.getElementById("cases");
const COUNTED = { open: { open: true }, overdue: { overdue: true }, closed: { status: "closed" } };

// Returns what is asked of the list of cases, what is asked of the figures for the same cases, and what could not be asked.
function asked(list, state) {
  const told = new URLSearchParams(list);
  const [figure, after, before] = ["figure", "after", "before"].map((name) => told.get(name));
  const cases = new URLSearchParams(COUNTED[figure] || {});
  const stats = new URLSearchParams();
  const notes = [];
  const where = {};
  for (const name of DIMENSIONS) {
    const narrowed = told.has(name) ? [told.get(name)] : state.filters[name] || [];
    if (told.get(name) === "") notes.push(t("Cases that are not placed yet cannot be asked for; the list holds all others too."));
    for (const value of narrowed.filter(Boolean)) {
      cases.append(name, value);
      stats.append(name, value);
      where[name] = value;
    }
  }
  const when = figure === "closed" ? "since" : "reported";
  if (after) { cases.set(`${when}_after`, after); stats.set("after", after); }
  if (before) { cases.set(`${when}_before`, before); stats.set("before", before); }
  if (figure === "closed") stats.set("when", "closed");
  if (NOTES[figure]) notes.push(NOTES[figure]());
  return { figure, cases, stats, notes, where, after, before };
}
const NOTES = {
  times: () => t("Listed are all cases of this selection; which of them a time was measured of cannot be asked for."),
  rates: () => t("A rate counts rounds and voices, not cases; listed are all cases of this selection."),
  place: () => t("Listed are all cases of this type in this grid; the very place cannot be asked for."),
};

// Shows the list, or closes it if there is none.
export async function open(list) {
  if (!list) return dialog.open && dialog.close();
  const what = asked(list, read());
  const body = el("div", { class: "body" }, el("p", { class: "soft" }, t("One moment …")));
  const file = el("button", { type: "button", class: "chip", disabled: true }, "CSV");
  const close = el("button", { type: "button", class: "icon", "aria-label": t("Close"), onclick: () => dialog.close() }, "×");
  dialog.replaceChildren(
    el("header", {}, el("h2", { id: "cases-title" }, named(what)), el("div", { class: "tools" }, file, close)),
    body,
  );
  if (!dialog.open) dialog.showModal();
  try {
    await fill(body, what, file);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    body.replaceChildren(el("p", { class: "fault" }, problem.message));
  }
}

async function fill(body, what, file) {
  const [told, page] = await Promise.all([own(`/api/stats?${what.stats}`), own(`/cases?${what.cases}&limit=${PAGE}`)]);
  const all = page.items;
  const counted = told.figures[COUNTED[what.figure] ? what.figure : "reported"];
  const made = () => sheetOf(all, what);
  const table = el("div", {});
  const more = el("button", { type: "button", class: "button", onclick: () => onward() }, t("Show more"));
  const words = el("p", { class: "soft", id: "cases-count" });
  let next = page.next;
  function put() {
    table.replaceChildren(all.length ? tableOf(made(), t("Cases")) : el("p", { class: "empty" }, t("No cases.")));
    words.textContent = [sentence(all.length, counted, Boolean(next)), ...what.notes].join(" ");
    more.hidden = !next;
  }
  async function onward() {
    const found = await own(`/cases?${what.cases}&limit=${PAGE}&cursor=${encodeURIComponent(next)}`);
    all.push(...found.items);
    next = found.next;
    put();
  }
  file.disabled = false;
  file.onclick = () => download([made()], "cases");
  body.replaceChildren(words, table, more);
  put();
}

function sentence(listed, counted, goes_on) {
  if (goes_on) return t("{n} of {all} cases.", { n: number(listed), all: number(counted) });
  if (listed >= counted) return t("{n} cases", { n: number(listed) });
  return t(
    "{all} counted, {n} listed: confidential cases are only shown to those who handle them.",
    { n: number(listed), all: number(counted) },
  );
}

function named({ figure, where, after, before }) {
  const places = Object.entries(where).map(([name, value]) => called(name, value));
  const when = after || before ? [after && short(after), before && short(before)].map((one) => one || "…").join(" – ") : "";
  return [FIGURES[figure]?.name() || t("Cases"), ...places, when].filter(Boolean).join(" · ");
}

function sheetOf(cases, { figure }) {
  const row = (item) => ({
    key: item.id, name: item.number, shown: place(item),
    cells: [
      { value: item.words.category },
      { value: item.words.grade, shown: item.grade ? el("span", { class: `grade ${item.grade}` }, item.words.grade) : "—" },
      { value: item.words.status },
      { value: item.grid ? item.words.grid : "", shown: item.grid ? item.words.grid : "—" },
      { value: item.words.department },
      { value: item.reported_at, shown: timeTag(item.reported_at, short) },
      { value: item.resolve_by, shown: item.resolve_by ? due(item) : "—" },
    ],
  });
  const names = [t("Category"), t("Grade"), t("Status"), t("Grid"), t("Department"), t("Reported"), t("Due")];
  return {
    name: "cases",
    title: t("Cases"),
    first: t("Number"),
    columns: names.map((name, at) => ({ id: String(at), name, kind: "text" })),
    rows: cases.map(row),
  };
}

function due(item) {
  return el("span", { class: item.overdue ? "late" : null }, timeTag(item.resolve_by, short), item.overdue ? ` ${t("Overdue")}` : "");
}

// Where one may read on about a case: at the desk for those who steer, else on its public page, which confidential ones have not.
function place(item) {
  if (steers) return el("a", { href: `/desk?case=${encodeURIComponent(item.number)}` }, item.number);
  return item.confidential ? item.number : el("a", { href: `/public/${encodeURIComponent(item.number)}` }, item.number);
}

dialog.addEventListener("close", () => dispatchEvent(new Event("cases-closed")));
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
