// The map of the grids, coloured by a figure; on top, as circles, the places where the same was reported again.
import { leaflet as L } from "/assets/leaflet/index.js";
import { el, number, t } from "/static/core.js";
import { query, seesCases, span } from "/static/wall-asked.js";
import { city, inside } from "/static/wall-city.js";
import { FIGURES, shown } from "/static/wall-figures.js";
import { go } from "/static/wall-go.js";
import { listOf, once } from "/static/wall-links.js";
import { menu } from "/static/wall-panel.js";
import { again } from "/static/wall-recurring.js";
import { legend, limits, mixed, square, tint, token } from "/static/wall-shade.js";
import { cityMap } from "/static/map.js";

const LABELLED = 60; // grids; more are told by hovering and by the table alone
const HEATS = {
  open: { name: () => t("Open cases"), kind: "cases", of: ({ now }) => now?.open ?? 0, list: "open", colour: "calm" },
  density: {
    name: () => t("Open cases per km²"),
    kind: "cases",
    of: ({ now, size }) => (now?.open ?? 0) / size,
    list: "open",
    colour: "calm",
  },
  overdue: { name: () => t("Overdue cases"), kind: "cases", of: ({ now }) => now?.overdue ?? 0, list: "overdue", colour: "over" },
  overdue_share: {
    name: () => t("Share overdue"),
    kind: "share",
    of: ({ now }) => (now?.open ? now.overdue / now.open : null),
    list: "overdue",
    colour: "over",
  },
  response: {
    name: FIGURES.response_p90.name,
    kind: "time",
    of: ({ period }) => period?.times.response.p90 ?? null,
    list: "times",
    colour: "hot",
  },
  resolution: {
    name: FIGURES.resolution_p90.name,
    kind: "time",
    of: ({ period }) => period?.times.resolution.p90 ?? null,
    list: "times",
    colour: "hot",
  },
};
let map = null;
let over = null;

export async function ask(state) {
  const period = span(state);
  const by = (more) => once(`/api/stats/by/grid${query(state, { ...more, limit: 200 })}`);
  const [now, within] = await Promise.all([by({ sort: "open" }), by({ sort: "reported", after: period.after, before: period.before })]);
  const places = seesCases ? (await again(state)).items : [];
  const rows = Object.fromEntries(Object.keys(city.grids).map((id) => [id, {}]));
  for (const [which, answer] of [["now", now], ["period", within]]) {
    for (const { values: [{ key }], figures } of answer.items) if (rows[key]) rows[key][which] = figures;
  }
  return {
    rows,
    again: places,
    left_out: now.about.confidential === "left_out",
    span: period,
    omitted: Math.max(now.omitted, within.omitted),
  };
}

const heatOf = (state) => HEATS[state.heat] || HEATS.open;
export function sheet(told, state) {
  const heat = heatOf(state);
  const row = (id) => {
    const value = heat.of({ ...told.rows[id], size: square(city.grids[id].rings) });
    return {
      key: id,
      name: city.grids[id].name,
      cells: [{ value, shown: label(heat, value), list: listOf(heat.list, { grid: id }, heat.list === "times" ? told.span : {}) }],
    };
  };
  const rows = Object.keys(city.grids).filter((id) => inside(id, state.filters)).map(row);
  rows.sort((a, b) => (b.cells[0].value ?? -1) - (a.cells[0].value ?? -1));
  return {
    name: "map",
    title: t("Map of the grids"),
    first: t("Grid"),
    columns: [{ id: state.heat, name: heat.name(), kind: heat.kind }],
    rows,
  };
}
const label = (heat, value) => (heat === HEATS.density ? number(Math.round(value * 10) / 10) : shown(heat.kind, value));

export const tools = (state) => [menu(
  t("Coloured by"),
  Object.entries(HEATS).map(([id, { name }]) => [id, name()]),
  state.heat,
  (heat) => go({ heat }),
)];

// -- drawing

export function draw(box, told, state, made) {
  const heat = heatOf(state);
  const values = made.rows.map((row) => row.cells[0].value).filter((value) => value !== null);
  const steps = limits(values, heat.kind);
  if (!map && !box.offsetWidth) return; // not shown now; drawn when it is
  if (!map) {
    box.replaceChildren(el("div", { class: "heat" }), el("p", { class: "legend" }));
    map = cityMap(box.firstChild, city, { names: false, label: t("Map of the grids; the same is in the table.") });
    map.scrollWheelZoom.disable();
    map.setMaxBounds(null).setMinZoom(0);
    const whole = L.latLngBounds(Object.values(city.grids).flatMap((grid) => grid.rings[0]));
    const fit = () => box.firstChild.offsetWidth && whole.isValid() && map.invalidateSize({ pan: false }).fitBounds(
      whole,
      { padding: [8, 8], animate: false },
    );
    new ResizeObserver(fit).observe(box.firstChild);
    addEventListener("paper", fit);
    over = L.layerGroup().addTo(map);
    addEventListener("theme", () => map.again());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.again());
  }
  map.again = () => draw(box, told, state, made);
  over.clearLayers();
  for (const row of made.rows) over.addLayer(shape(row, heat, steps));
  for (const place of told.again) if (place.location) over.addLayer(circle(place));
  box.querySelector(".legend").replaceChildren(
    el("span", {}, heat.name()),
    ...legend(heat, steps),
    ...(told.again.length ? [el("span", { class: "step again" }, el("i", {}), t("came back here"))] : []),
  );
}

// A place where the same was reported again, the larger the more often.
function circle({ location, name, count, category, grid }) {
  const made = L.circleMarker(
    [location.lat, location.lon],
    { radius: 3 + 2 * Math.sqrt(count), color: token("ink"), weight: 1.5, fillColor: token("ink"), fillOpacity: 0.12 },
  );
  made.bindTooltip(() => el("span", {}, `${name}: ${t("{n} times", { n: number(count) })}`));
  made.on("click", () => go({ list: listOf("place", { category, grid }) }));
  return made;
}

function shape(row, heat, steps) {
  const [{ value, list, shown: text }] = row.cells;
  const step = value ? steps.findIndex((limit) => value <= limit + 1e-9) + 1 : 0; // 0: nothing, or no value
  const made = L.polygon(
    city.grids[row.key].rings,
    {
      color: token("line-strong"),
      weight: 1,
      fillColor: mixed(heat.colour, step ? tint(step) : 0),
      fillOpacity: city.tiles ? 0.75 : 1,
      dashArray: value === null ? "3 4" : null,
    },
  );
  if (Object.keys(city.grids).length <= LABELLED) made.bindTooltip(
    () => el("span", {}, value === null ? "—" : text),
    { permanent: true, direction: "center", className: `grid-value${step > 3 ? " strong" : ""}`, interactive: false },
  );
  else made.bindTooltip(() => el("span", {}, `${row.name}: ${text}`));
  made.on("click", () => seesCases && value !== null && go({ list }));
  return made;
}
