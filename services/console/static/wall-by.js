// The figures by grid or area, by unit, and by type: what is open and late now, and cases, times or rates of the period.
import { t } from "/static/core.js";
import { once } from "/static/wall-links.js";
import { AREAS, query, span } from "/static/wall-asked.js";
import { DIMENSION } from "/static/wall-city.js";
import { FIGURES, RATES, TIMES } from "/static/wall-figures.js";
import { listOf } from "/static/wall-links.js";
import { menu } from "/static/wall-panel.js";

const MOST = 200;
const SHOWN = { cases: ["open", "overdue", "overdue_share", "reported"], times: TIMES, rates: RATES };
const NOW = new Set(["open", "overdue", "overdue_share"]);

// Returns the rows of a dimension, as they are now and as the period had them; a row that one of the two lacks has no cases there.
export const asking = (dimensionOf) => async (state) => {
  const dimension = dimensionOf(state);
  const period = span(state);
  const by = (more) => once(`/api/stats/by/${dimension}${query(state, { ...more, limit: MOST })}`);
  const [now, within] = await Promise.all([by({ sort: "open" }), by({ sort: "reported", after: period.after, before: period.before })]);
  const rows = new Map();
  for (const [which, answer] of [["now", now], ["period", within]]) {
    for (const item of answer.items) {
      const [{ key, name }] = item.values;
      rows.set(key, { key, name, ...rows.get(key), [which]: item.figures });
    }
  }
  return {
    dimension,
    rows: [...rows.values()],
    omitted: Math.max(now.omitted, within.omitted),
    left_out: now.about.confidential === "left_out",
    span: period,
  };
};

export const sheetOf = (title) => (told, state) => {
  const ids = SHOWN[state.show] || SHOWN.cases;
  const most = Math.max(1, ...told.rows.map((row) => row.now?.open || 0));
  const cells = (row) => ids.map((id) => cell(id, row, told, most));
  const sorted = told.rows.map((row) => ({
    key: row.key,
    name: row.name,
    to: listOf(NOW.has(ids[0]) ? "open" : "reported", { [told.dimension]: row.key ?? "" }, NOW.has(ids[0]) ? {} : told.span),
    cells: cells(row),
  }));
  sorted.sort((a, b) => rank(b, state.show) - rank(a, state.show));
  return {
    name: `by-${told.dimension}`,
    title: title(),
    first: DIMENSION[told.dimension](),
    columns: ids.map((id) => ({
      id,
      name: HEAD[id] ? HEAD[id]() : FIGURES[id].name(),
      kind: FIGURES[id].kind,
      define: FIGURES[id].define,
      parts: id.endsWith("rate"),
    })),
    rows: sorted,
  };
};

function cell(id, row, told, most) {
  const { of, list } = FIGURES[id];
  const figures = NOW.has(id) ? row.now : row.period;
  const where = { [told.dimension]: row.key ?? "" };
  const found = figures ? of(figures) : of(NOTHING);
  const made = { ...found, list: listOf(list, where, NOW.has(id) ? {} : told.span) };
  if (id === "overdue_share") delete made.parts;
  return id === "open" ? { ...made, bar: found.value / most, late: (row.now?.overdue || 0) / most } : made;
}
const NONE = { value: null, numerator: 0, denominator: 0 };
const EMPTY = { count: 0, p50: null, p90: null };
const NOTHING = { open: 0, overdue: 0, reported: 0, closed: 0, times: { response: EMPTY, resolution: EMPTY }, rates: [], rate: NONE };

// What sorts the rows: the most open, the slowest, the worst response rate first; what has no value last.
function rank(row, show) {
  const value = row.cells[{ times: 3, rates: 0 }[show] ?? 0].value;
  if (value === null) return -Infinity;
  return show === "rates" ? -value : value;
}

const HEAD = {
  reported: () => t("Reported"), response_p50: () => t("Response (half)"), response_p90: () => t("Response (90%)"),
  resolution_p50: () => t("Resolution (half)"), resolution_p90: () => t("Resolution (90%)"),
  response_rate: () => t("Response rate"), resolution_rate: () => t("Resolution rate"), satisfaction_rate: () => t("Satisfaction rate"),
};

// Returns the menu of the dimensions that a panel can tell apart.
export const toolsOf = (key, all, go) => (state) => (all.length < 2 ? [] : [menu(
  t("By what"),
  all.map((one) => [one, DIMENSION[one]()]),
  state[key],
  (value) => go({ [key]: value }),
)]);
export const noteOf = (told) => (told.omitted ? t("{n} more are not shown.", { n: told.omitted }) : "");
export const PLACES = [...AREAS].reverse();
