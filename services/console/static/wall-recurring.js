// What keeps coming back: places at which the same was reported again this month, and what was decided about them.
import { now, short, t } from "/static/core.js";
import { dayOf, span } from "/static/wall-asked.js";
import { city, inside } from "/static/wall-city.js";
import { listOf, once } from "/static/wall-links.js";

const MOST = 500; // places that are asked for; the most frequent

// The month in which the period ends: the list is made for the monthly meeting, and knows only whole months.
export const monthOf = (state) => dayOf((span(state).before ?? now()) - 1).slice(0, 7);

// Returns the places of the month, as far as filters can be asked for or told from a place; a grade cannot.
export async function again({ filters, ...state }) {
  const query = new URLSearchParams({ month: monthOf(state), limit: MOST });
  for (const name of ["grid", "department", "category"]) if (filters[name]?.length === 1) query.set(name, filters[name][0]);
  const told = await once(`/recurring?${query}`);
  const group = (item) => city.categories[item.category]?.group;
  const among = (name, value) => !filters[name] || filters[name].includes(value);
  const kinds = (item) => among("department", item.department) && among("category", item.category) && among("group", group(item));
  const fits = (item) => inside(item.grid, filters) && kinds(item);
  return { ...told, items: told.items.filter(fits), ungraded: Boolean(filters.grade) };
}
export const ask = again;

export function sheet(told) {
  const row = (item) => {
    const list = listOf("place", { category: item.category, grid: item.grid ?? "" });
    const remedy = item.remedy ? `${item.remedy.text} (${item.remedy.who})` : null;
    const cells = [
      { value: item.grid_name }, { value: item.department_name },
      { value: item.count, list }, { value: item.in_month, list }, { value: item.open, list }, { value: item.again },
      { value: item.last_at, shown: short(item.last_at) }, { value: remedy, shown: remedy ?? t("not decided") },
    ];
    return { key: `${item.cell}/${item.category}`, name: item.name, cells };
  };
  return {
    name: `recurring-${told.month}`, title: t("What keeps coming back"), first: t("Category"), empty: t("Nothing came back this month."),
    columns: [
      { id: "grid", name: t("Grid"), kind: "text" },
      { id: "department", name: t("Department"), kind: "text" },
      { id: "count", name: t("Times in all"), kind: "cases" },
      { id: "in_month", name: t("Times this month"), kind: "cases" },
      { id: "open", name: t("Open"), kind: "cases" },
      { id: "again", name: t("After it was done"), kind: "cases" },
      { id: "last", name: t("Last time"), kind: "text" },
      { id: "remedy", name: t("Remedy"), kind: "text" },
    ],
    rows: told.items.map(row),
  };
}

export function note(told) {
  const words = [t("Places of about 130 m where the same was reported at least twice, {month}.", { month: told.month })];
  if (told.ungraded) words.push(t("This list knows no grades."));
  if (!told.complete) words.push(t("The month held more places than were looked at."));
  return words.join(" ");
}
