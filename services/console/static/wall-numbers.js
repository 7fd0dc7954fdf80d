// The figures at a glance: what is open and late now, what came and was closed in the period, how long it takes, and the three rates.
import { el, number, own, t } from "/static/core.js";
import { query, span } from "/static/wall-asked.js";
import { defined } from "/static/wall-define.js";
import { change, FIGURES, RATES, shown, TIMES } from "/static/wall-figures.js";
import { linked, listOf } from "/static/wall-links.js";

// Returns the answers: what is now, what the period holds, and the period before it.
export async function ask(state) {
  const period = span(state);
  const stats = (more) => own(`/api/stats${query(state, more)}`);
  const within = ({ after, before }) => Promise.all([stats({ after, before }), stats({ after, before, when: "closed" })]);
  const [now, present, prior] = await Promise.all([stats({}), within(period), period.prior ? within(period.prior) : null]);
  return { now: now.figures, period: merged(present), prior: prior && merged(prior), about: now.about, span: period };
}
const merged = ([reported, closed]) => ({ ...reported.figures, closed: closed.figures.closed });

const NOW = ["open", "overdue", "overdue_share"];
const PERIOD = ["reported", "closed", ...TIMES, ...RATES];

export function sheet({ now, period, prior, span: within }, state) {
  const row = (id, figures, before, list) => {
    const { name, kind, of, define } = FIGURES[id];
    const { value, parts } = of(figures);
    const was = before ? of(before).value : null;
    return {
      key: id,
      name: name(),
      kind,
      define,
      cells: [{ value, parts, list, shown: shown(kind, value) }, { value: was, shown: shown(kind, was) }, { value: UNIT[kind]() }],
    };
  };
  return {
    name: "figures", title: t("The figures at a glance"), first: t("Figure"),
    columns: [
      { id: "value", name: t("Value"), kind: "any", parts: true },
      { id: "before", name: t("Period before"), kind: "any" },
      { id: "unit", name: t("Unit of measure"), kind: "text" },
    ],
    rows: [
      ...NOW.map((id) => row(id, now, null, listOf(FIGURES[id].list))),
      ...PERIOD.map((id) => row(id, period, prior, listOf(FIGURES[id].list, {}, within))),
    ],
  };
}
const UNIT = { cases: () => t("cases"), time: () => t("seconds"), share: () => t("share, 0 to 1") };

export function draw(box, told, state, made) {
  const rows = Object.fromEntries(made.rows.map((row) => [row.key, row]));
  const [times, rates] = [TIMES.filter((id) => id.endsWith("p50")), RATES];
  box.replaceChildren(
    group(t("Now"), tile(rows.open), tile(rows.overdue, late(rows))),
    group(
      t("In the period"),
      tile({ ...rows.reported, name: t("Reported") }, changed(rows.reported, told)),
      tile({ ...rows.closed, name: t("Closed") }, changed(rows.closed, told)),
    ),
    group(t("How long it takes"), ...times.map((id) => length(rows[id], rows[id.replace("p50", "p90")], told))),
    group(t("The three rates"), ...rates.map((id) => rate(rows[id], told))),
  );
}

function group(name, ...tiles) {
  return el("section", { class: "group" }, el("h2", {}, name), el("dl", {}, ...tiles));
}

function tile(row, ...more) {
  const [cell] = row.cells;
  const hot = row.key === "overdue" && cell.value > 0 ? " late" : "";
  return el(
    "div",
    { class: `tile${hot}`, "data-figure-of": row.key },
    el("dt", {}, defined(row.define, row.name)),
    el(
      "dd",
      { class: cell.value === null ? "big none" : "big" },
      linked(cell.value ? cell.list : null, cell.shown.replace(/[.,]0(?=\s?%)/, "")),
    ),
    ...more,
  );
}

function late({ overdue_share: { cells: [share] } }) {
  return el("dd", { class: "under" }, share.value === null ? "" : t("{share} of the open", { share: share.shown }));
}

// How a figure differs from the period before; nothing where the period has none before it.
function changed(row, { prior }) {
  if (!prior) return null;
  const [now, before] = row.cells;
  const words = change(row.kind, now.value, before.value);
  return words && el("dd", { class: "under", title: t("In the period before: {value}", { value: before.shown }) }, words);
}

function length(half, most, told) {
  const [cell] = most.cells;
  const name = half.key.startsWith("response") ? t("Response") : t("Resolution");
  const big = { ...half, name };
  const none = half.cells[0].value === null;
  return tile(
    big,
    el(
      "dd",
      { class: "under", "data-figure-of": most.key },
      none ? "" : [t("half within this"), " · ", t("90% within {time}", { time: cell.shown })],
    ),
    changed(half, told),
  );
}

function rate(row, told) {
  const [{ value, parts }] = row.cells;
  const filled = el("i", {});
  filled.style.width = `${(value ?? 0) * 100}%`;
  return tile(
    row,
    el("dd", { class: "rail", "aria-hidden": "true" }, filled),
    el("dd", { class: "under" }, t("{n} of {all}", { n: number(parts[0]), all: number(parts[1]) })),
    changed(row, told),
  );
}
