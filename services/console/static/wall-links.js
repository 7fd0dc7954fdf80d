// Links from a figure to the cases behind it. A list is told by a short text: {figure, after, before, and values of dimensions}.
import { el, own } from "/static/core.js";
import { address, iso, read, seesCases } from "/static/wall-asked.js";

// Returns the text of a list: the cases of `figure`, narrowed by `where`, within `span` (none: whenever they were reported).
export function listOf(figure, where = {}, span = {}) {
  const found = new URLSearchParams({ figure, ...where });
  for (const name of ["after", "before"]) if (span[name]) found.set(name, iso(span[name]));
  return found.toString();
}

// Asks the console, once for all panels that ask the same at the same time.
const asked = new Map();
export function once(path) {
  if (!asked.has(path)) asked.set(path, own(path).finally(() => asked.delete(path)));
  return asked.get(path);
}

// Returns a link that opens the list of cases; only the text for accounts that may not see cases.
export function linked(list, text) {
  if (!seesCases || !list) return text;
  return el("a", { class: "to-cases", href: address(read(), { list }), "data-list": list }, text);
}
