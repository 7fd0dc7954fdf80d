// Where the phone is, if its bearer allows it; nothing is asked before it is of use, and nothing of it is sent by itself.
import { apart } from "/static/tasks-overlay.js";

let here = null;
const told = new Set();

export const position = () => here;
export const moved = (hear) => told.add(hear);

function note({ coords }) {
  const next = { lat: coords.latitude, lon: coords.longitude, metres: Math.round(coords.accuracy) };
  const far = here ? apart(here, next) > 15 : true;
  here = next;
  if (far) for (const hear of told) hear(here);
}

// Follows the position if that was allowed before; asks for it only when somebody touches a button.
export async function follow() {
  const allowed = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
  if (allowed?.state === "granted") watch();
}

let watching = null;
export function watch(failed = () => {}) {
  if (!navigator.geolocation) return failed();
  if (watching !== null) return undefined;
  watching = navigator.geolocation.watchPosition(
    note, () => { watching = null; failed(); }, { enableHighAccuracy: true, maximumAge: 30_000, timeout: 20_000 },
  );
  return watching;
}

// Returns metres to an errand: from where the phone is, else from where the post is as the service tells; null if it has no place.
export const far = (errand) => (here && errand.location ? Math.round(apart(here, errand.location)) : errand.metres);
