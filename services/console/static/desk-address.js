// The address of the desk: filters, the case that is open, whether the map is there; so a view can be sent, and the way back works.
import { toQuery } from "/static/desk-filters.js";

export const inAddress = (name) => new URLSearchParams(location.search).get(name);

// Writes the filters and some changes into the address; an empty value takes something out. `how`: "push" makes a way back.
export function address(filters, changes = {}, how = "push") {
  const asked = new URLSearchParams(toQuery(filters, location.search));
  for (const [name, value] of Object.entries(changes)) {
    if (value) asked.set(name, value);
    else asked.delete(name);
  }
  const query = asked.toString().replaceAll("%2C", ",");
  if (`?${query}` === (location.search || "?")) return;
  history[how === "push" ? "pushState" : "replaceState"](null, "", query ? `?${query}` : location.pathname);
}

// Calls `back` when somebody goes back or forth.
export const wayBack = (back) => addEventListener("popstate", back);
