// The panel: one case with all that is known of it, what it needs now, and everything that may be done with it.
import { announce, el, exact, lang, now, own, short, t, timeTag, tn } from "/static/core.js";
import { actionsFor } from "/static/desk-actions.js";
import { ask, changedMeanwhile, doNow } from "/static/desk-forms.js";
import { needs } from "/static/desk-needs.js";
import { gallery } from "/static/desk-photos.js";
import { dueOf } from "/static/desk-row.js";
import { standing } from "/static/desk-past.js";
import { after, history, told } from "/static/desk-timeline.js";
import { late } from "/static/desk-filters.js";
import { all, grouped, level, say, who } from "/static/desk-words.js";

// Keeps the panel in `box`. `me`: {id, roles, directs}. `on` is told: close(), locate(it), open(id), done(id).
export function casePanel(box, me, on) {
  let it = null; // the case as it is shown
  let row = null; // its row of the feed, while it is open
  let story = [];
  let seen = 0; // the version that the operator has in front
  let turn = 0;

  // The case as the table of actions looks at it.
  const view = () => ({ ...it, waits: row?.waits ?? null, refusals: row?.refusals ?? 0, late: row ? late(row, now()) : it.overdue, ...standing(story) });

  async function show(id, its) {
    const mine = ++turn;
    row = its ?? null;
    if (it?.id !== id) { it = null; box.replaceChildren(el("div", { class: "stack" }, el("p", { class: "skeleton tall" }, " "), el("p", { class: "skeleton" }, " "), el("p", { class: "skeleton" }, " "))); }
    box.hidden = false;
    try {
      const [found, items] = await Promise.all([own(`/cases/${id}`), history(id)]);
      if (mine !== turn) return;
      const same = it?.id === found.id;
      if (same && found.version < it.version) return;
      const before = same ? seen : found.version;
      [it, story, seen] = [found, items, same ? seen : found.version];
      render(before);
    } catch (problem) {
      if (mine === turn) box.replaceChildren(top(), el("p", { class: "empty" }, problem.message));
    }
  }

  function top(...more) {
    return el("div", { class: "panel-top" }, more, el("button", { type: "button", class: "icon", "aria-label": t("Close"), title: t("Close"), onclick: on.close }, "×"));
  }

  function head() {
    const due = row ? dueOf(row) : null;
    const title = [it.words.category || t("Not classified yet"), conditionOf(it)].filter(Boolean).join(" · ");
    return [
      top(el("span", { class: "number" }, grouped(it.number)), el("span", { class: `grade ${it.grade || "none"}` }, it.grade ? it.words.grade : "–"), el("span", { class: "chip" }, it.words.status), it.confidential && el("span", { class: "chip" }, t("Confidential"))),
      el("h2", {}, title),
      due?.title && el("p", { class: "due-line" }, el("span", { class: `due ${due.kind}` }, due.text), " ", due.what, el("span", { class: "soft small" }, ` · ${exact(row.due.at)}`)),
    ];
  }

  const conditionOf = () => all("categories")[it.category]?.conditions[it.condition]?.[lang] ?? "";

  function button(action, kind = "") {
    return el("button", { type: "button", class: `button ${kind}${action.danger ? " danger" : ""}`, onclick: () => run(action) }, t(action.label), action.key && el("kbd", {}, action.key));
  }

  function actions() {
    const { first, hand, rest } = actionsFor(view(), me);
    const more = rest.length ? el("details", { class: "more" }, el("summary", { class: "button quiet" }, t("More")), el("div", { class: "menu" }, rest.map((action) => button(action, "quiet")))) : null;
    return el("div", { class: "actions", role: "group", "aria-label": t("What can be done") }, first.map((action, at) => button(action, at === 0 ? "primary" : "")), hand.map((action) => button(action)), more);
  }

  // Says what has happened since the operator opened the case, until they have read it.
  function meanwhile(before) {
    const entries = after(story, before).filter((item) => item.by !== me.id);
    if (!entries.length) { seen = it.version; return null; }
    return el("div", { class: "notice", role: "status" }, el("p", {}, el("b", {}, t("Meanwhile"))), told(entries),
      el("button", { type: "button", class: "button", onclick: (event) => { seen = it.version; event.target.closest(".notice").remove(); } }, t("Seen")));
  }

  function words() {
    const from = [t("{channel}, {time}", { channel: say("channels", it.channel), time: short(it.reported_at) })];
    return el("section", {}, el("blockquote", { lang: it.language }, it.text || t("No words were given.")),
      el("p", { class: "soft small" }, from, " · ", timeTag(it.reported_at)),
      el("p", { class: "where" }, [it.words.grid, it.address].filter(Boolean).join(" · ") || t("Where it is was not said."), it.location && row?.lat && el("button", { type: "button", class: "button quiet", onclick: () => on.locate(row) }, t("Show on the map"))),
      it.expected && el("p", { class: "soft small" }, it.expected.words));
  }

  // Another case by its number, which is asked for.
  function link(id) {
    const made = el("button", { type: "button", class: "chip", onclick: () => on.open(id) }, "…");
    own(`/cases/${id}`).then((other) => { made.textContent = [grouped(other.number), other.words.category].join(" · "); }, () => made.remove());
    return made;
  }

  function facts() {
    const time = (value) => value && [exact(value), el("span", { class: "soft" }, " (", timeTag(value), ")")];
    const list = [[t("With"), who(it.assignee)], [t("Unit"), it.words.department], [t("Answer due"), !it.accepted_at && time(it.respond_by)], [t("To be done by"), time(it.resolve_by)], [t("Done"), time(it.completed_at)],
      [t("Level"), it.level > 0 && level(it.level)], [t("Extended"), it.extensions > 0 && tn("{n} time", "{n} times", it.extensions)], [t("Reopened"), it.reopenings > 0 && tn("{n} time", "{n} times", it.reopenings)], [t("Outcome"), it.outcome]];
    const links = (ids) => ids.slice(0, 20).map((id) => link(id));
    return el("dl", { class: "facts" }, list.filter(([, value]) => value).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
      it.into && [el("dt", {}, t("Merged into")), el("dd", {}, links([it.into]))], it.followers.length > 0 && [el("dt", {}, t("Merged into this one")), el("dd", {}, links(it.followers))]);
  }

  function render(before) {
    const place = box.scrollTop;
    const help = { once, open: on.open, can: (id) => possible().some((action) => action.id === id) };
    box.replaceChildren(...[head(), meanwhile(before), words(), gallery(it, me), actions(), needs(view(), help), facts(),
      el("section", {}, el("h3", {}, t("What happened")), told([...story].reverse(), before))].flat().filter(Boolean));
    box.scrollTop = place;
  }

  const possible = () => Object.values(actionsFor(view(), me)).flat();

  // Runs an action by its form; one that asks nothing is done at once.
  async function run(action, start) {
    const shown = { ...view(), version: seen };
    if (!action.fields.length) return once(action, {});
    const answer = await ask(action, shown, start);
    if (answer) await done(answer);
  }

  // Does an action with this body at once; where it is refused, its form says why.
  async function once(action, body) {
    const of = it;
    try {
      const answer = await doNow(action, { id: of.id, version: seen }, body);
      announce(t("{number}: {action}", { number: grouped(of.number), action: t(action.label) }), "good", 3000);
      await done(answer, of.id);
    } catch (problem) {
      if (problem.status === 412) changed();
      if (action.fields.length) { announce(problem.message, "bad"); return run(action, body); }
      announce(problem.message, "bad");
    }
  }

  const changed = () => it && show(it.id, row);

  // Shows the case as it has become by what the operator did; the console may hear of it a moment later.
  async function done(answer, id = it.id) {
    for (let again = 0; again < 20 && it?.id === id; again += 1) {
      await show(id, row);
      if (it?.id !== id || it.version >= (answer?.version ?? 0)) break;
      await new Promise((later) => setTimeout(later, 150));
    }
    if (it?.id === id) seen = it.version;
    on.done(id);
  }

  return {
    show, run,
    get id() { return it?.id ?? null; },
    close() { turn += 1; [it, row] = [null, null]; box.hidden = true; box.replaceChildren(); },
    // Takes in that the row has changed, or that the case is no longer open.
    update(its) {
      if (!it) return;
      if (its) row = its;
      if (!its || its.v > it.version) { changedMeanwhile(it.id, its ? its.v : it.version + 1); show(it.id, its ?? null); }
    },
    act(key) {
      if (!it) return false;
      const action = possible().find((one) => one.key === key);
      if (action) run(action);
      return Boolean(action);
    },
    tick() { const due = row && box.querySelector(".due-line .due"); if (due) { const fresh = dueOf(row); due.textContent = fresh.text; due.className = `due ${fresh.kind}`; } },
    focus() { box.focus(); },
  };
}
