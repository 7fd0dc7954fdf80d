// The map of the desk: the same cases as in the list, gathered where they are many.
import { own } from "/static/core.js";
import { left } from "/static/desk-clock.js";
import { all, category } from "/static/desk-words.js";
import { now, t } from "/static/core.js";

const EVERY = 1000; // milliseconds between two drawings

// Returns the map in `box`, drawn when it is first shown; `onPick(id)` is told which case was chosen.
export function deskMap(box, onPick) {
  let parts = null;
  let rows = [];
  let chosen = null;
  let timer = 0;
  let drawn = 0;

  async function begin() {
    const [{ cityMap, clusters }, city] = await Promise.all([import("/static/map.js"), own("/pages/city")]);
    const map = cityMap(box, city, { label: t("Map of the open cases") });
    const layer = clusters(map, (points) => onPick(points.map((point) => point.id)));
    layer.choose(chosen);
    return { map, layer };
  }

  function points() {
    const at = now();
    const spans = all("work");
    return rows.filter((row) => row.lat !== null).map((row) => ({ id: row.id, lat: row.lat, lon: row.lon, kind: left(row.due, at, spans, row.st === "paused").kind, title: [row.cat ? category(row) : t("Not classified yet"), row.n].join(" · ") }));
  }

  async function draw() {
    timer = 0;
    drawn = performance.now();
    if (!box.offsetParent) return;
    const { layer } = await (parts ||= begin());
    layer.show(points());
  }

  const soon = () => { timer ||= setTimeout(draw, Math.max(0, EVERY - (performance.now() - drawn))); };
  return {
    show(list) { rows = list; soon(); },
    redraw: soon,
    async choose(row, near = false) {
      chosen = row?.id ?? null;
      if (!parts) return;
      const { map, layer } = await parts;
      layer.choose(chosen);
      if (!row || row.lat === null || row.lat === undefined) return;
      if (near) map.setView([row.lat, row.lon], Math.max(map.getZoom(), 17));
      else if (!map.getBounds().pad(-0.1).contains([row.lat, row.lon])) map.panTo([row.lat, row.lon]);
    },
  };
}
