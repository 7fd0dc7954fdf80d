// Where it is: by the position of the device, by a pin on the map, told back in words. The map is loaded when it is asked for.
import { el, own, t } from "/static/core.js";

let asked = null;
export const theCity = () => (asked ||= own("/pages/city").catch((problem) => { asked = null; throw problem; }));

// Returns the name of the grid in which a place lies, with its community; null outside of all.
export function gridAt(city, { lat, lon }) {
  const found = Object.values(city.grids).find((grid) => within(grid.rings, lat, lon));
  if (!found) return null;
  const area = city.areas[found.community];
  return area ? `${found.name} · ${area.name}` : found.name;
}

function within(rings, lat, lon) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [aLat, aLon] = ring[i];
      const [bLat, bLon] = ring[j];
      if (aLat > lat !== bLat > lat && lon < ((bLon - aLon) * (lat - aLat)) / (bLat - aLat) + aLon) inside = !inside;
    }
  }
  return inside;
}

// Returns {set(location), show()}; `onPlace(location or null)` is told what was chosen, `onFault(sentence)` what went wrong.
export function places({ box, told, here, onMap, onPlace, onFault }) {
  let pin = null;
  let location = null;

  async function say() {
    told.hidden = !location;
    if (!location) return;
    const place = location;
    const city = await theCity().catch(() => null);
    if (place !== location) return;
    const name = city && gridAt(city, place);
    const off = el("button", { type: "button", class: "icon", "aria-label": t("Remove the place"), onclick: () => choose(null) }, "×");
    const words = name ? t("The place is marked: {place}", { place: name }) : t("The place is marked.");
    told.replaceChildren(el("span", {}, words), off);
  }

  function choose(place, tell = true) {
    location = place;
    if (place) pin?.place(place, false);
    else pin?.clear();
    say();
    if (tell) onPlace(place);
  }

  async function show() {
    if (!box.hidden) return;
    onMap.setAttribute("aria-busy", "true");
    try {
      const sheet = el("link", { rel: "stylesheet", href: "/static/map.css" });
      const styled = new Promise((done) => { sheet.onload = done; sheet.onerror = done; });
      document.head.append(sheet);
      const [{ cityMap, picker }, city] = await Promise.all([import("/static/map.js"), theCity(), styled]);
      box.hidden = false;
      const map = cityMap(box, city, { label: t("Map: tap where it is") });
      pin = picker(map, (place) => choose(place));
      if (location) {
        pin.place(location, false);
        map.setView([location.lat, location.lon], Math.max(map.getZoom(), 16));
      }
      onMap.hidden = true;
    } catch {
      onFault(t("The map cannot be loaded now; say in words where it is."));
    } finally {
      onMap.removeAttribute("aria-busy");
    }
  }

  here.addEventListener("click", () => {
    if (!navigator.geolocation) return onFault(t("This device does not tell its position; use the map or words."));
    here.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        here.removeAttribute("aria-busy");
        choose({ lat: Number(coords.latitude.toFixed(6)), lon: Number(coords.longitude.toFixed(6)) });
        show();
      },
      () => {
        here.removeAttribute("aria-busy");
        onFault(t("This device does not tell its position; use the map or words."));
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
  onMap.addEventListener("click", show);
  return { set: (place) => choose(place, false), show };
}
