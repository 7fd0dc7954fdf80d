// Where an errand is, on a map with the own position; without tiles or a connection the borders of the grids are the map.
import { leaflet as L } from "/assets/leaflet/index.js";
import { el, t } from "/static/core.js";
import { cityMap, picker } from "/static/map.js";
import { moved, position, watch } from "/static/tasks-place.js";

const CLOSE = 16;

// Returns the element of a map around a place; it is drawn once it is in the page.
export function mapOf(at, city, place) {
  const box = el("div", { class: "spot", "data-place": place });
  drawn(box, city, (map) => {
    map.setView([at.lat, at.lon], CLOSE);
    L.marker(
      [at.lat, at.lon],
      { icon: L.divIcon({ className: "pin over", iconSize: [26, 26] }), keyboard: false, interactive: false, alt: t("The place") },
    ).addTo(map);
    own(map);
  });
  return box;
}

// Returns the element of a map on which a place is picked.
export function pickOn(city, onPlace, start) {
  const box = el("div", { class: "spot tall" });
  drawn(box, city, (map) => {
    const pin = picker(map, onPlace);
    own(map);
    box.place = (at, told = true) => { map.setView([at.lat, at.lon], CLOSE); pin.place(at, told); };
    if (start) box.place(start, false);
  });
  return box;
}

function drawn(box, city, draw) {
  const seen = new ResizeObserver(() => {
    if (!box.clientWidth) return;
    seen.disconnect();
    draw(cityMap(box, city, { names: !city.tiles }));
  });
  seen.observe(box);
}

// Shows where the phone is, and follows it.
function own(map) {
  let dot = null;
  const draw = (here) => {
    if (!map.getContainer().isConnected || !here) return;
    dot ||= L.marker(
      [here.lat, here.lon],
      { icon: L.divIcon({ className: "me-here", iconSize: [20, 20] }), keyboard: false, interactive: false, alt: t("Where you are") },
    ).addTo(map);
    dot.setLatLng([here.lat, here.lon]);
  };
  draw(position());
  moved(draw);
  const Find = L.Control.extend({ onAdd: () => el(
    "button",
    { type: "button", class: "find", "aria-label": t("Where am I?"), title: t("Where am I?"), onclick: (event) => { event.stopPropagation(); watch(); if (position()) map.setView([
      position().lat, position().lon,
    ]); } },
    "◎",
  ) });
  new Find({ position: "topright" }).addTo(map);
}
