// What keeps coming back: places at which the same was reported again this month, and what was decided about them.
import { own, short, t } from "/static/core.js";
import { dayOf, span } from "/static/wall-asked.js";
import { now } from "/static/core.js";
import { listOf } from "/static/wall-links.js";

const MOST = 10;

// The month in which the period ends: the list is made for the monthly meeting, and knows only whole months.
export const monthOf = (state) => dayOf((span(state).before ?? now()) - 1).slice(0, 7);

export async function ask(state) {
  const query = new URLSearchParams({ month: monthOf(state), limit: MOST });
  const narrowed = ["grid", "department", "category"].filter((name) => state.filters[name]?.length === 1);
  for (const name of narrowed) query.set(name, state.filters[name][0]);
  const told = await own(`/recurring?${query}`);
  return { ...told, unasked: Object.keys(state.filters).filter((name) => !narrowed.includes(name)).length };
}

export function sheet(told) {
  const row = (item) => {
    const list = listOf("place", { category: item.category, grid: item.grid ?? "" });
    const cells = [
      { value: item.grid_name }, {
        value: item.department_name,
      }, { value: item.count, list, }, { value: item.in_month, list }, { value: item.open, list },
      { value: item.again }, { value: item.last_at, shown: short(item.last_at) },
      {
        value: item.remedy ? `${item.remedy.text} (${item.remedy.who})` : null,
        shown: item.remedy ? `${item.remedy.text} (${item.remedy.who})` : t("not decided"),
      },
    ];
    return { key: `${item.cell}/${item.category}`, name: item.name, cells };
  };
  return {
    name: `recurring-${told.month}`, title: t("What keeps coming back"), first: t("Category"), empty: t("Nothing came back this month."),
    columns: [
      { id: "grid", name: t("Grid"), kind: "text" }, {
        id: "department",
        name: t("Department"),
        kind: "text",
      }, { id: "count", name: t("Times in all"), kind: "cases" },
      {
        id: "in_month",
        name: t("Times this month"),
        kind: "cases",
      }, { id: "open", name: t("Open"), kind: "cases" }, { id: "again", name: t("After it was done"), kind: "cases" },
      { id: "last", name: t("Last time"), kind: "text" }, { id: "remedy", name: t("Remedy"), kind: "text" },
    ],
    rows: told.items.map(row),
  };
}

export function note(told) {
  const words = [t("Places of about 130 m where the same was reported at least twice, {month}.", { month: told.month })];
  if (told.unasked) words.push(t("This list knows only one grid, one unit or one category; other filters do not narrow it."));
  if (!told.complete) words.push(t("The month held more places than were looked at."));
  return words.join(" ");
}
