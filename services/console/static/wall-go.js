// Going to another view of the wall: the address changes, and whoever listens shows what it says.
import { address, read } from "/static/wall-asked.js";

export function go(changes, { keep = false } = {}) {
  history[keep ? "replaceState" : "pushState"](null, "", address(read(), changes));
  dispatchEvent(new PopStateEvent("popstate"));
}
