// The map of the desk: the same cases as in the list, gathered where they are many.
import { now, own, t } from "/static/core.js";
import { left } from "/static/desk-clock.js";
import { all, category } from "/static/desk-words.js";

const CLOSE = 17; // the zoom at which a single place is shown
const LOW = 400; // pixels: a lower map shows the surroundings of the case, not the whole city
const AGAIN = 3000; // milliseconds until a map that could not be made is tried again
const EVERY = 1000; // milliseconds between two drawings

// Returns the map in `box`, drawn when it is first shown; `onPick(id)` is told which case was chosen.
export function deskMap(box, onPick) {
  let parts = null;
  let rows = [];
  let shown = null; // the row of the case that is open
  let timer = 0;
  let drawn = 0;
  let touched = false; // somebody has moved the map, which then stays where they put it

  async function begin() {
    const [{ cityMap, clusters }, city] = await Promise.all([import("/static/map.js"), own("/pages/city")]);
    const map = cityMap(box, city, { label: t("Map of the open cases") });
    const layer = clusters(map, (points) => onPick(points.map((point) => point.id)));
    for (const touch of ["pointerdown", "wheel", "keydown"])
      box.addEventListener(
        touch,
        () => {
          touched = true;
        },
        { passive: true },
      );
    const whole = Object.values(city.grids).flatMap((grid) => grid.rings.flat());
    return { map, layer, whole };
  }

  function points() {
    const at = now();
    const spans = all("work");
    return rows
      .filter((row) => row.lat !== null)
      .map((row) => ({
        id: row.id,
        lat: row.lat,
        lon: row.lon,
        kind: left(row.due, at, spans, row.st === "paused").kind,
        title: [row.cat ? category(row) : t("Not classified yet"), row.n].join(" · "),
      }));
  }

  async function draw() {
    timer = 0;
    drawn = performance.now();
    if (!box.offsetParent) return;
    try {
      const first = !parts;
      const { layer } = await (parts ||= begin());
      layer.show(points());
      if (first) await settle();
    } catch {
      parts = null; // what it is made of could not be fetched
      timer ||= setTimeout(draw, AGAIN);
    }
  }

  const soon = () => {
    timer ||= setTimeout(draw, Math.max(0, EVERY - (performance.now() - drawn)));
  };

  // Moves the map only if what is open would not be seen; the whole city is shown while nobody has moved it.
  async function settle(near = false) {
    const made = await parts?.catch(() => null);
    if (!made || !box.clientHeight) return;
    const { map, layer, whole } = made;
    map.invalidateSize({ pan: false });
    layer.choose(shown?.id ?? null);
    const there = shown && shown.lat !== null ? [shown.lat, shown.lon] : null;
    if (near && there) map.setView(there, Math.max(map.getZoom(), CLOSE));
    else if (!touched && box.clientHeight > LOW && whole.length) map.fitBounds(whole, { padding: [12, 12], animate: false });
    else if (there && !map.getBounds().pad(-0.15).contains(there)) map.panTo(there, { animate: false });
  }

  new ResizeObserver(() => settle()).observe(box);
  return {
    show(list) {
      rows = list;
      soon();
    },
    redraw: soon,
    // Shows which case is open; `near` goes close.
    choose(row, near = false) {
      shown = row ?? null;
      requestAnimationFrame(() => settle(near));
    },
  };
}
