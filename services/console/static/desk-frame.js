// What stands around the list: the search box, how many cases there are, and whether list and map stand side by side or one at a time.
import { number, t, tn } from "/static/core.js";
import { inAddress } from "/static/desk-address.js";

const wide = matchMedia("(min-width: 62.5rem)");

// Keeps the switch between list and map. `on` is told: map(hidden) to write into the address, drawn() when the map may have appeared.
export function frame(desk, toList, toMap, on) {
  function layout() {
    const hidden = inAddress("map") === "0";
    const onMap = desk.classList.contains("on-map");
    desk.classList.toggle("no-map", hidden);
    toList.setAttribute("aria-pressed", String(wide.matches ? hidden : !onMap));
    toMap.setAttribute("aria-pressed", String(wide.matches ? !hidden : onMap));
    on.drawn();
  }

  function view(map) {
    desk.classList.toggle("on-map", map);
    if (wide.matches) on.map(!map);
    layout();
  }

  toList.addEventListener("click", () => view(false));
  toMap.addEventListener("click", () => view(true));
  wide.addEventListener("change", layout);
  return { layout, view, toggle: () => view(toMap.getAttribute("aria-pressed") !== "true") };
}

// Listens to the search box. `on` is told: sought(text) as it is typed, left(downwards) when the box is left by a key.
export function searchBox(box, on) {
  box.addEventListener("input", () => on.sought(box.value));
  box.addEventListener("keydown", (event) => {
    if (!["Enter", "ArrowDown", "Escape"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Escape" && box.value) {
      box.value = "";
      on.sought("");
    } else on.left(event.key !== "Escape");
  });
}

// Says how many cases the list shows, of all; and in the middle that there are none.
export function tally(count, nothing, n, all, filtered) {
  const some = { n: number(n), all: number(all) };
  count.textContent = filtered ? t("{n} of {all} open cases", some) : tn("{n} open case", "{n} open cases", n);
  nothing.hidden = n > 0;
  nothing.textContent = filtered ? t("No open case fits the filters.") : t("No case is open.");
}

// Says how many cases have come above what is seen.
export function above(button, n) {
  button.hidden = n === 0;
  if (n) button.textContent = ["↑", tn("{n} new above", "{n} new above", n)].join(" ");
}

// Calls `passes` with the number of seconds that somebody has had the page in front.
export function everySecond(passes) {
  let seconds = 0;
  setInterval(() => {
    if (!document.hidden) passes((seconds += 1));
  }, 1000);
}
