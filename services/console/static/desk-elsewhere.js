// Searching in everything, closed cases too: offered beside the list when something is sought; answered by the console.
import { Problem, el, own, short, t } from "/static/core.js";
import { grouped } from "/static/desk-words.js";

let asked = "";

// Shows the offer in `button` while there is something to search for; `open(id)` opens what was found.
export function elsewhere(button, filters, open) {
  const text = filters.q.trim();
  button.hidden = text.length < 2;
  if (text === asked) return;
  asked = text;
  button.textContent = t("Search closed cases too");
  button.onclick = () => search(text, open);
}

async function search(text, open) {
  const found = el("div", { class: "found" }, el("p", { class: "skeleton" }, " "));
  const dialog = el(
    "dialog",
    { class: "searching", "aria-labelledby": "searched" },
    el(
      "div",
      { class: "row" },
      el("h2", { id: "searched", class: "grow" }, t("All cases with “{text}”", { text })),
      el("button", { type: "button", class: "icon", "aria-label": t("Close"), onclick: () => dialog.close() }, "×"),
    ),
    found,
  );
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  const items = [];
  async function more(cursor) {
    try {
      const part = await own(`/cases?limit=50&text=${encodeURIComponent(text)}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
      items.push(...part.items);
      show(part.next);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      found.replaceChildren(el("p", { class: "empty" }, problem.message));
    }
  }
  const line = (it) =>
    el(
      "button",
      {
        type: "button",
        class: "hit",
        onclick: () => {
          dialog.close();
          open(it.id);
        },
      },
      el("span", { class: "row" }, el("b", { class: "grow" }, it.words.category), el("span", { class: "chip" }, it.words.status)),
      el(
        "span",
        { class: "soft small" },
        [grouped(it.number), it.words.grid, it.address, short(it.reported_at)].filter(Boolean).join(" · "),
      ),
      it.text && el("span", { class: "small words" }, it.text),
    );
  function show(next) {
    found.replaceChildren(...(items.length ? items.map(line) : [el("p", { class: "empty" }, t("No case has these words."))]));
    if (next) found.append(el("button", { type: "button", class: "button", onclick: () => more(next) }, t("More")));
  }
  await more("");
}
