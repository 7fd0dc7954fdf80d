// What a figure means, one click away: its definition as the API words it.
import { announce, el, own, t } from "/static/core.js";

let asked = null;
const box = document.getElementById("definition");
const all = () => (asked ||= own("/api/stats/definitions").catch((problem) => { asked = null; throw problem; }));

// Returns the name of a figure as a button that tells its definition; only the name if there is none.
export function defined(figure, name) {
  if (!figure) return name;
  return el(
    "button",
    {
      type: "button",
      class: "define",
      title: t("What does this mean?"),
      "data-figure": figure,
      onclick: (event) => tell(figure, event.currentTarget),
    },
    name,
  );
}

async function tell(figure, at) {
  try {
    const found = (await all()).filter((one) => one.figure === figure || (one.figure === "quantiles" && figure.startsWith("times.")));
    box.replaceChildren(...found.flatMap((one) => [el("h3", {}, one.name), el("p", {}, one.text)]));
    const place = at.getBoundingClientRect();
    box.showPopover();
    box.style.left = `${Math.max(8, Math.min(place.left, innerWidth - box.offsetWidth - 8))}px`;
    const under = place.bottom + 6;
    box.style.top = `${under + box.offsetHeight > innerHeight ? Math.max(8, place.top - box.offsetHeight - 6) : under}px`;
  } catch (problem) {
    announce(problem.message, "bad");
  }
}
