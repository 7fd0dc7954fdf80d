// The city as the wall names it: its areas, grids, types and units, as anybody may know them.
import { own, t } from "/static/core.js";

export const city = await own("/pages/city");

// Whether a grid lies in what is filtered by.
export const inside = (id, filters) => {
  if (filters.grid && !filters.grid.includes(id)) return false;
  const areas = [];
  for (let area = city.grids[id]?.community; area && !areas.includes(area); area = city.areas[area]?.parent) areas.push(area);
  return ["community", "street", "county"].every((kind) => !filters[kind] || filters[kind].some((one) => areas.includes(one)));
};

// Returns what people call a value of a dimension.
export function called(name, value) {
  const named = { grid: city.grids, category: city.categories, community: city.areas, street: city.areas, county: city.areas };
  const found = { department: city.departments, group: city.groups, grade: city.grades }[name]?.[value] ?? named[name]?.[value]?.name;
  return found || `${DIMENSION[name]()} ${value}`; // confidential types have no name here
}

export const DIMENSION = {
  grid: () => t("Grid"), community: () => t("Community"), street: () => t("Street"), county: () => t("District"),
  department: () => t("Department"), group: () => t("Group"), category: () => t("Category"), grade: () => t("Grade"),
  month: () => t("Month"),
};
