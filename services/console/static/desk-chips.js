// The filters as chips with their counts: what is asked most in one row, the rest in menus; what is chosen can be taken back by one click.
import { el, number, t } from "/static/core.js";
import { active } from "/static/desk-filters.js";
import { all, say, titled } from "/static/desk-words.js";

const WORDS = { waits: "waits", status: "statuses", grade: "grades", unit: "departments", grid: "grids", kind: "groups" };
const MENUS = {
  waits: () => t("Waits for"),
  status: () => t("Status"),
  unit: () => t("Unit"),
  grid: () => t("Grid"),
  kind: () => t("Kind"),
};

// Keeps the chips in `box`; `on(change)` is told what to change in the filters, null: everything back.
export function chips(box, me, on) {
  let shown = null;
  let drawn = "";

  function chip(label, count, pressed, change, extra = "") {
    return el(
      "button",
      { type: "button", class: `chip ${extra}`, "aria-pressed": String(Boolean(pressed)), onclick: () => on(change) },
      label,
      count !== undefined && el("span", { class: count ? "n" : "n none" }, number(count)),
    );
  }

  function menu(name) {
    const { filters, counts } = shown;
    const chosen = filters[name];
    const ids = new Set([...[...counts[name].keys()].filter(Boolean), ...chosen]);
    const order = Object.keys(all(WORDS[name]));
    const list = [...ids].sort((one, other) => order.indexOf(one) - order.indexOf(other));
    const text = chosen.length === 0 ? MENUS[name]() : chosen.map((id) => titled(say(WORDS[name], id))).join(", ");
    const toggle = (id) => ({ [name]: chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id] });
    const options = list.map((id) =>
      el(
        "button",
        {
          type: "button",
          role: "menuitemcheckbox",
          class: "option",
          "aria-checked": String(chosen.includes(id)),
          "data-id": id,
          onclick: () => on(toggle(id)),
        },
        el("span", { class: "grow" }, titled(say(WORDS[name], id))),
        el("span", { class: "n" }, number(counts[name].get(id) || 0)),
      ),
    );
    const button = el(
      "button",
      {
        type: "button",
        class: `chip menu-of${chosen.length ? " chosen" : ""}`,
        "aria-haspopup": "true",
        "aria-expanded": "false",
        popovertarget: `menu-${name}`,
      },
      el("span", { class: "label" }, text),
      el("span", { "aria-hidden": "true" }, "▾"),
    );
    return { button, options };
  }

  const menus = Object.fromEntries(
    Object.keys(MENUS).map((name) => {
      const pop = el("div", { id: `menu-${name}`, class: "pop", popover: "auto", role: "menu", "aria-label": MENUS[name]() });
      document.body.append(pop);
      pop.addEventListener("toggle", (event) => {
        const button = box.querySelector(`[popovertarget="menu-${name}"]`);
        button?.setAttribute("aria-expanded", String(event.newState === "open"));
        if (event.newState !== "open" || !button) return;
        const at = button.getBoundingClientRect();
        pop.style.left = `${Math.max(8, Math.min(at.left, innerWidth - pop.offsetWidth - 8))}px`;
        pop.style.top = `${at.bottom + 6}px`;
        pop.querySelector("button")?.focus();
      });
      pop.addEventListener("keydown", (event) => {
        if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
        event.preventDefault();
        const options = [...pop.querySelectorAll("button")];
        options[
          (options.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length
        ]?.focus();
      });
      return [name, pop];
    }),
  );

  function draw(filters, counts) {
    const now = JSON.stringify([filters, Object.values(counts).map((one) => (one instanceof Map ? [...one] : one))]);
    if (now === drawn) return;
    drawn = now;
    shown = { filters, counts };
    const grades = Object.keys(all("grades")).slice(0, 2);
    const toggled = (id) => ({ grade: filters.grade.includes(id) ? filters.grade.filter((one) => one !== id) : [...filters.grade, id] });
    const parts = [
      chip(t("Waiting for me"), counts.turn.get(true) || 0, filters.turn, { turn: !filters.turn }, "turn"),
      chip(t("Overdue"), counts.over.get(true) || 0, filters.over, { over: !filters.over }, "over"),
      ...grades.map((id) => chip(titled(say("grades", id)), counts.grade.get(id) || 0, filters.grade.includes(id), toggled(id), id)),
      (counts.mine.has("me") || filters.mine === "me") &&
        chip(t("Mine"), counts.mine.get("me") || 0, filters.mine === "me", { mine: filters.mine === "me" ? "" : "me" }),
      me.unit &&
        (counts.mine.has("unit") || filters.mine === "unit") &&
        chip(t("My unit"), counts.mine.get("unit") || 0, filters.mine === "unit", { mine: filters.mine === "unit" ? "" : "unit" }),
    ];
    const focused = document.activeElement?.closest?.(".desk-chips") ? [...box.children].indexOf(document.activeElement) : -1;
    for (const [name, pop] of Object.entries(menus)) {
      const { button, options } = menu(name);
      parts.push(button);
      const at = pop.contains(document.activeElement) ? document.activeElement.dataset.id : null;
      pop.replaceChildren(...(options.length ? options : [el("p", { class: "note" }, t("Nothing to choose."))]));
      if (at !== null) pop.querySelector(`[data-id="${CSS.escape(at)}"]`)?.focus();
    }
    if (active(filters))
      parts.push(
        el(
          "button",
          { type: "button", class: "chip clear", onclick: () => on(null) },
          t("Show all"),
          el("span", { "aria-hidden": "true" }, "×"),
        ),
      );
    box.replaceChildren(...parts.filter(Boolean));
    if (focused >= 0) box.children[Math.min(focused, box.children.length - 1)]?.focus();
  }
  return { draw };
}
