// What is counted: the filters of the working view, and the same in words.
import { el, exact, now, short, t } from "/static/core.js";
import { AREAS, dayOf, ownUnit, span } from "/static/wall-asked.js";
import { called, city } from "/static/wall-city.js";
import { go } from "/static/wall-go.js";

const PERIODS = {
  today: () => t("Today"), "7d": () => t("7 days"), "30d": () => t("30 days"), "90d": () => t("90 days"), month: () => t("This month"),
  "last-month": () => t("Last month"), year: () => t("This year"), all: () => t("From the beginning"), days: () => t("From day to day"),
};
const LEVELS = { 0: "community", 1: "street", 2: "county" };
const form = document.getElementById("filters");

export function show(state) {
  const held = form.contains(document.activeElement) ? document.activeElement.name : null;
  const day = (name, label) => field(
    label,
    el("input", { type: "date", name, value: state[name] || "", onchange: (event) => go({ [name]: event.target.value }) }),
  );
  const all = [
    field(
      t("Period"),
      choose(
        "period",
        Object.entries(PERIODS).map(([id, name]) => [id, name()]),
        state.period,
        (period) => go({ period, ...(period === "days" ? usual(state) : { from: "", to: "" }) }),
      ),
    ),
    ...(state.period === "days" ? [day("from", t("From")), day("to", t("Through"))] : []),
    field(t("Area"), areas(state)),
    ownUnit ? el(
      "p",
      { class: "field", id: "own-unit" },
      el("span", {}, t("Unit")),
      el("strong", {}, city.departments[ownUnit] || ownUnit),
    ) : field(t("Unit"), one("department", city.departments, state)),
    field(t("Type"), one("group", city.groups, state)),
    field(t("Grade"), one("grade", city.grades, state)),
    Object.keys(state.filters).length > (ownUnit ? 1 : 0) && el(
      "button",
      {
        type: "button",
        class: "button quiet",
        onclick: () => go({ filters: Object.fromEntries(Object.keys(state.filters).map((name) => [name, null])) }),
      },
      t("Show everything"),
    ),
  ];
  form.replaceChildren(...all.filter(Boolean));
  if (held) form.elements[held]?.focus();
}

const field = (name, input) => el("label", { class: "field" }, el("span", {}, name), input);
function choose(name, all, chosen, pick) {
  return el(
    "select",
    { name, onchange: (event) => pick(event.target.value) },
    ...all.map(([value, text]) => el("option", { value, selected: value === chosen }, text)),
  );
}
function one(name, all, state) {
  return choose(
    name,
    [["", t("All")], ...Object.entries(all)],
    state.filters[name]?.[0] || "",
    (value) => go({ filters: { [name]: value || null } }),
  );
}
const usual = (state) => ({ from: dayOf(span(state).after ?? now() - 30 * 86400), to: dayOf(now()) });

// All areas and grids of the city, the larger ones first.
function areas(state) {
  const chosen = AREAS.map((kind) => state.filters[kind]?.[0] && `${kind}=${state.filters[kind][0]}`).find(Boolean) || "";
  const option = (kind, id, name) => el("option", { value: `${kind}=${id}`, selected: chosen === `${kind}=${id}` }, name);
  const levels = [2, 1, 0].map((level) => [
    LEVELS[level],
    Object.entries(city.areas).filter(([, area]) => area.level === level).map(([id, area]) => option(LEVELS[level], id, area.name)),
  ]);
  const groups = [
    ...levels,
    ["grid", Object.entries(city.grids).map(([id, grid]) => option("grid", id, grid.name))],
  ].filter(([, some]) => some.length);
  const names = { county: t("Districts"), street: t("Streets"), community: t("Communities"), grid: t("Grids") };
  const pick = (event) => {
    const [kind, id] = event.target.value.split("=");
    go({ filters: { ...Object.fromEntries(AREAS.map((name) => [name, null])), ...(kind ? { [kind]: id } : {}) } });
  };
  return el(
    "select",
    { name: "area", onchange: pick },
    el("option", { value: "" }, t("The whole city")),
    ...groups.map(([kind, some]) => el("optgroup", { label: names[kind] }, ...some)),
  );
}

// Returns whose figures they are: the city's, or an area's.
export function heading(state) {
  const [kind] = AREAS.filter((name) => state.filters[name]).reverse();
  return kind ? t(
    "How {place} stands",
    { place: state.filters[kind].map((value) => called(kind, value)).join(", ") },
  ) : t("How the city stands");
}

// Returns what is counted, in words: for the heading, for paper and for the screen on the wall.
export function scope(state) {
  const { after, before } = span(state);
  const where = Object.entries(state.filters).flatMap(([name, some]) => some.map((value) => called(name, value)));
  const period = (PERIODS[state.period] || PERIODS.all)();
  const when = after === null ? period : before ? t(
    "{period}, {from} – {to}",
    { period, from: short(after), to: short(before) },
  ) : t("{period}, since {time}", { period, time: exact(after) });
  return [
    where.length ? where.join(" · ") : t("The whole city"),
    when,
    ownUnit && t("Your account sees the figures of its own unit only."),
  ].filter(Boolean).join(" · ");
}
