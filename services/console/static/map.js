// A map of the city: its grids, points gathered into clusters, a place that is picked. Without tiles the grids are the map.
import { leaflet as L } from "/assets/leaflet/index.js";
import { el, number, t } from "/static/core.js";

const CELL = 64; // pixels: nearer points are shown as one
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

// Returns a map in `box` for a city as `/pages/city` tells it; `names` says whether grids are labelled.
export function cityMap(box, city, { names = true, label } = {}) {
  const map = L.map(box, { zoomSnap: 0.25, preferCanvas: true, attributionControl: Boolean(city.tiles) });
  map.zoomControl.remove();
  L.control.zoom({ position: "bottomright", zoomInTitle: t("Zoom in"), zoomOutTitle: t("Zoom out") }).addTo(map);
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", label || t("Map"));
  if (city.tiles) L.tileLayer(city.tiles, { attribution: escaped(city.credit), maxZoom: 19 }).addTo(map);
  const grids = L.layerGroup().addTo(map);
  const bounds = L.latLngBounds([]);
  const draw = () => {
    grids.clearLayers();
    for (const [id, grid] of Object.entries(city.grids)) {
      const shape = L.polygon(grid.rings, { color: colour("line-strong"), weight: 1, fillColor: colour("sheet"), fillOpacity: city.tiles ? 0.05 : 1, interactive: false });
      if (names) shape.bindTooltip(id, { permanent: true, direction: "center", className: "grid-name", interactive: false });
      grids.addLayer(shape);
      bounds.extend(shape.getBounds());
    }
  };
  draw();
  addEventListener("theme", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  if (bounds.isValid()) {
    map.fitBounds(bounds, { padding: [12, 12] });
    map.setMaxBounds(bounds.pad(0.5));
    map.setMinZoom(map.getBoundsZoom(bounds.pad(0.5)));
  } else map.setView([0, 0], 2);
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(box);
  return map;
}

// Keeps points on a map, those near one another as one with their number. A point is {id, lat, lon, kind, title}; `kind` is a class of
// base.css's `.due` (over, hot, warm, calm). `onPick(points)` is told what was clicked: one point, or several at one spot.
export function clusters(map, onPick) {
  const layer = L.layerGroup().addTo(map);
  let points = [];
  let chosen = null;
  const worst = ["over", "hot", "warm", "calm", "stands", "good"];
  function draw() {
    layer.clearLayers();
    const around = map.getBounds().pad(0.2);
    const zoom = map.getZoom();
    const cells = new Map();
    for (const point of points) {
      if (!around.contains([point.lat, point.lon])) continue;
      const at = map.project([point.lat, point.lon], zoom);
      const key = `${Math.floor(at.x / CELL)}/${Math.floor(at.y / CELL)}`;
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(point);
    }
    for (const cell of cells.values()) layer.addLayer(marker(cell));
  }
  function marker(cell) {
    const kind = worst.find((one) => cell.some((point) => point.kind === one)) || "calm";
    const one = cell.length === 1;
    const at = [cell.reduce((sum, point) => sum + point.lat, 0) / cell.length, cell.reduce((sum, point) => sum + point.lon, 0) / cell.length];
    const picked = cell.some((point) => point.id === chosen);
    const size = one ? 18 : Math.min(52, 26 + 6 * Math.log2(cell.length));
    const icon = L.divIcon({ className: `pin ${kind}${one ? "" : " many"}${picked ? " chosen" : ""}`, html: one ? "" : number(cell.length), iconSize: [size, size] });
    const title = one ? cell[0].title : t("{n} cases", { n: number(cell.length) });
    const made = L.marker(at, { icon, title, alt: title, keyboard: true, zIndexOffset: picked ? 1000 : 0 });
    made.on("click keypress", (event) => {
      if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
      const spread = L.latLngBounds(cell.map((point) => [point.lat, point.lon]));
      if (one || map.getZoom() >= 19 || spread.getNorthEast().distanceTo(spread.getSouthWest()) < 5) onPick(cell);
      else map.fitBounds(spread, { padding: [60, 60], maxZoom: 19 });
    });
    return made;
  }
  map.on("moveend zoomend", draw);
  return {
    show(all) { points = all; draw(); },
    choose(id) { chosen = id; draw(); },
  };
}

// Lets a place be picked on a map by click, drag or the arrow keys; `onPlace({lat, lon})` is told each time.
export function picker(map, onPlace) {
  let pin = null;
  function place({ lat, lon }, tell = true) {
    if (pin) pin.setLatLng([lat, lon]);
    else {
      const icon = L.divIcon({ className: "pin here", iconSize: [26, 26] });
      pin = L.marker([lat, lon], { icon, draggable: true, title: t("The place"), alt: t("The place") }).addTo(map);
      pin.on("dragend", () => told(pin.getLatLng()));
    }
    if (tell) told({ lat, lng: lon });
  }
  const told = ({ lat, lng }) => onPlace({ lat: Number(lat.toFixed(6)), lon: Number(lng.toFixed(6)) });
  map.on("click", (event) => place({ lat: event.latlng.lat, lon: event.latlng.lng }));
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === map.getContainer()) place({ lat: map.getCenter().lat, lon: map.getCenter().lng });
  });
  return { place, clear() { pin?.remove(); pin = null; } };
}

const escaped = (text) => el("span", {}, text).innerHTML;
