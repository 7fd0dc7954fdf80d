// All rates of a month as the city assesses them, each with what was divided; every account that sees figures sees those of all units.
import { own, t } from "/static/core.js";
import { shown } from "/static/wall-figures.js";
import { monthOf } from "/static/wall-recurring.js";
import { DIMENSION } from "/static/wall-city.js";
import { menu } from "/static/wall-panel.js";

const BY = ["department", "community", "street", "county", "category", "month"];

export async function ask(state) {
  const month = monthOf(state);
  const told = await own(`/rates?${new URLSearchParams({ by: BY.includes(state.rates) ? state.rates : "department", month })}`);
  return { ...told, month };
}

export function sheet(told) {
  const rates = told.items[0]?.rates || [];
  const row = (item) => ({
    key: item.key, name: item.name,
    cells: [
      ...rates.map(({ rate }) => {
        const one = item.rates.find((found) => found.rate === rate);
        return { value: one?.value ?? null, parts: [one?.numerator ?? 0, one?.denominator ?? 0] };
      }),
      { value: item.composite, shown: shown("share", item.composite) },
    ],
  });
  return {
    name: `rates-${told.by}-${told.month}`, title: t("All rates of the month"), first: DIMENSION[told.by](),
    columns: [
      ...rates.map((one) => ({
        id: one.rate,
        name: one.name,
        kind: "share",
        parts: true,
        define: KNOWN.has(one.rate) ? `rates.${one.rate}` : null,
      })),
      { id: "composite", name: t("Composite"), kind: "share", define: "composite" },
    ],
    rows: told.items.map(row),
  };
}
const KNOWN = new Set(["response", "resolution", "satisfaction", "answer", "finishing", "finishing_first", "call_back"]);

const menuOf = (state, go) => menu(t("By what"), BY.map((one) => [one, DIMENSION[one]()]), state.rates, (rates) => go({ rates }));
export const tools = (go) => (state) => [menuOf(state, go)];

export function note({ by, month }) {
  if (by === "month") return t("The last twelve months, all units, whatever is filtered above.");
  return t("{month}, all units, whatever is filtered above.", { month });
}
