// Several cases at once: those that are selected, and one action on all of them, with what became of each.
import { el, number, t, tn } from "/static/core.js";
import { ACTIONS, forMany, offered } from "/static/desk-actions.js";
import { doNow, fieldsIn } from "/static/desk-forms.js";

const AT_ONCE = 4;

// Keeps the bar for selected cases in `box`. `desk`: {row(id), list(), changed(ids), cursor()}.
export function many(box, me, desk) {
  let ids = new Set();
  const actions = [...forMany(me), ...(me.roles.some((role) => ["operator", "supervisor"].includes(role)) ? [mergeAll] : [])];

  function set(next) {
    ids = new Set(next);
    desk.changed(ids);
    draw();
  }

  const chosen = () => [...ids].map((id) => desk.row(id)).filter(Boolean);

  function draw() {
    box.hidden = ids.size === 0;
    if (!ids.size) return;
    box.replaceChildren(
      el("b", {}, tn("{n} case selected", "{n} cases selected", ids.size)),
      ...actions.map((action) =>
        el(
          "button",
          { type: "button", class: "button", onclick: () => start(action) },
          t(action.label),
          action.key && el("kbd", {}, action.key),
        ),
      ),
      el("button", { type: "button", class: "button quiet", onclick: () => set([]) }, t("Select none"), el("kbd", {}, "Esc")),
    );
  }

  const start = (action) => askMany(action, chosen(), me, (done) => set([...ids].filter((id) => !done.has(id))));
  return {
    get size() {
      return ids.size;
    },
    set,
    // Selects the case at the cursor, and the one to which `step` moves it.
    extend(step) {
      if (desk.cursor()) set([...ids, desk.cursor()]);
      step();
      set([...ids, desk.cursor()].filter(Boolean));
    },
    toggle: (id) => set(ids.has(id) ? [...ids].filter((one) => one !== id) : [...ids, id]),
    clear: () => set([]),
    // Selects everything from the cursor to a row.
    through(id) {
      const rows = desk.list();
      const ends = [desk.cursor() ?? id, id].map((one) => rows.findIndex((row) => row.id === one)).sort((one, other) => one - other);
      set([...ids, ...rows.slice(Math.max(0, ends[0]), ends[1] + 1).map((row) => row.id)]);
    },
    // Forgets what is no longer open.
    refresh() {
      if ([...ids].some((id) => !desk.row(id))) set([...ids].filter((id) => desk.row(id)));
    },
    act(letter) {
      const action = actions.find((one) => one.key === letter);
      if (action) start(action);
      return Boolean(action);
    },
  };
}

const merge = ACTIONS.find((action) => action.id === "merge");
// All into the earliest of them: a later one can only be merged into an earlier one.
const mergeAll = { ...merge, into: true, fields: merge.fields.filter((field) => field.kind !== "case") };

function askMany(action, rows, me, end) {
  const earliest = [...rows].sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1))[0];
  const able = rows.filter(
    (row) =>
      !(action.into && row === earliest) && offered(action, { ...row, status: row.st, assignee: row.who, open: true, grade: row.g }, me),
  );
  const fields = action.fields.filter((field) => field.kind !== "photos");
  const parts = fieldsIn({ ...action, fields }, { department: null, category: null, number: "" });
  const results = el("div", { class: "results", role: "status" });
  const progress = el("progress", { max: Math.max(1, able.length), value: 0, hidden: true, "aria-label": t("Progress") });
  const send = el(
    "button",
    { type: "submit", class: `button ${action.danger ? "danger" : "primary"}`, disabled: able.length === 0 },
    tn("Do this with {n} case", "Do this with {n} cases", able.length),
  );
  const away = el("button", { type: "button", class: "button quiet", onclick: () => dialog.close() }, t("Cancel"));
  const left = rows.length - able.length - (action.into && rows.length ? 1 : 0);
  const form = el(
    "form",
    { method: "dialog", class: "stack", novalidate: true },
    el("h2", { id: "asked-many" }, t(action.label), el("span", { class: "soft small" }, " ", tn("{n} case", "{n} cases", rows.length))),
    action.into && earliest && el("p", { class: "note" }, t("All go into the earliest of them, {number}.", { number: earliest.n })),
    left > 0 &&
      el(
        "p",
        { class: "note" },
        tn("{n} of them cannot: it is not in a state for this.", "{n} of them cannot: they are not in a state for this.", left),
      ),
    parts.node,
    progress,
    results,
    el("div", { class: "row end" }, away, send),
  );
  const dialog = el("dialog", { class: "asking", "aria-labelledby": "asked-many" }, form);
  const done = new Set();

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = parts.body();
    if (body === null || send.disabled) return;
    if (action.id === "assignment") body.reason ||= t("Several cases to one person");
    send.disabled = true;
    progress.hidden = false;
    const failed = [];
    const waiting = [...able];
    const work = async () => {
      for (let row = waiting.shift(); row; row = waiting.shift()) {
        try {
          await doNow(action, { id: row.id, version: row.v }, action.into ? { ...body, into: earliest.id } : body);
          done.add(row.id);
        } catch (problem) {
          failed.push([row, problem.message, problem.errors || []]);
        }
        progress.value = done.size + failed.length;
        results.textContent = t("{n} of {all} done", { n: number(done.size), all: number(able.length) });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (failed.length)
      results.append(
        el(
          "ul",
          { class: "failed" },
          failed.map(([row, why, faults]) =>
            el("li", {}, el("b", { class: "number" }, row.n), " ", [why, ...faults.map(({ message }) => message)].join(" ")),
          ),
        ),
      );
    away.textContent = t("Close");
    away.focus();
  });
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    end(done);
  });
  dialog.showModal();
  form.querySelector("textarea, select, input")?.focus();
}
