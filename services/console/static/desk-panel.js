// The panel: one case with all that is known of it, what it needs now, and everything that may be done with it.
import { announce, el, now, own, t } from "/static/core.js";
import { actionsFor } from "/static/desk-actions.js";
import { late } from "/static/desk-filters.js";
import { ask, changedMeanwhile, doNow } from "/static/desk-forms.js";
import { needs } from "/static/desk-needs.js";
import { facts, head, skeleton, top, words } from "/static/desk-panel-parts.js";
import { standing } from "/static/desk-past.js";
import { gallery } from "/static/desk-photos.js";
import { dueOf } from "/static/desk-row.js";
import { history, told } from "/static/desk-timeline.js";
import { grouped } from "/static/desk-words.js";

const [SOON, TRIES] = [200, 20]; // milliseconds until something is read again, and how often
const READING = 1500; // milliseconds until what has just come on the screen counts as seen

// Keeps the panel in `box`. `me`: {id, roles, directs}. `on` is told: close(), locate(row), open(id), done(id).
export function casePanel(box, me, on) {
  let wanted = null; // the id of the case that is open, also while it is read
  let turn = 0;
  let it = null; // the case as it is shown
  let row = null; // its row of the feed, while it is open
  let story = [];
  let read = 0; // how many of the facts the operator knows
  let front = { version: 0, before: 0, at: 0 }; // which version has come on the screen when, and which was there before

  // The case as the table of actions looks at it.
  function view() {
    const delayed = row ? late(row, now()) : it.overdue;
    return { ...it, waits: row?.waits ?? null, refusals: row?.refusals ?? 0, late: delayed, ...standing(story) };
  }
  const possible = () => Object.values(actionsFor(view(), me)).flat();
  const seen = () => (performance.now() - front.at < READING ? front.before : front.version);
  async function show(id, its, again = 0) {
    const mine = ++turn;
    wanted = id;
    row = its ?? null;
    if (it?.id !== id) {
      it = null;
      box.replaceChildren(skeleton());
    }
    box.hidden = false;
    try {
      const [found, items] = await Promise.all([own(`/cases/${id}`), history(id)]);
      if (mine !== turn) return;
      take(found, items);
      if (behind() && again < TRIES) setTimeout(() => mine === turn && show(id, row, again + 1), SOON);
    } catch (problem) {
      if (mine === turn) box.replaceChildren(top(on.close), el("p", { class: "empty" }, problem.message));
    }
  }

  // Whether the history that was read is older than the case: the console saves the two one after another.
  const behind = () => it.facts > story.filter((item) => item.effective).length;
  const unread = () => story.filter((item) => item.effective).slice(read);

  function take(found, items) {
    const same = it?.id === found.id;
    if (same && found.facts < it.facts) return;
    if (!same) {
      read = found.facts;
      front = { version: found.version, before: found.version, at: 0 };
      box.scrollTop = 0;
    } else if (found.version > front.version) front = { version: found.version, before: seen(), at: performance.now() };
    [it, story, wanted] = [found, items, found.id];
    render();
  }

  function render() {
    const place = box.scrollTop;
    const open = [...box.querySelectorAll("details[open]")].map((one) => one.dataset.name);
    const focused = box.contains(document.activeElement) ? (document.activeElement.dataset.name ?? "") : null;
    const help = { once, open: on.open, can: (id) => possible().some((action) => action.id === id) };
    const locate = row?.lat && (() => on.locate(row));
    const parts = [
      head(it, row, on.close),
      meanwhile(),
      words(it, locate),
      gallery(it, me),
      actions(),
      needs(view(), help),
      facts(it, on.open),
    ];
    const past = el("section", {}, el("h3", {}, t("What happened")), told([...story].reverse(), unread()));
    box.replaceChildren(...[...parts, past].flat().filter(Boolean));
    for (const one of box.querySelectorAll("details")) if (open.includes(one.dataset.name)) one.open = true;
    if (focused !== null) ((focused && box.querySelector(`[data-name="${focused}"]`)) || box).focus({ preventScroll: true });
    box.scrollTop = place;
  }

  // Says what others have done since the operator opened the case, until they have read it.
  function meanwhile() {
    const entries = unread().filter((item) => item.by !== me.id);
    if (!entries.length) {
      read = it.facts;
      return null;
    }
    const known = () => {
      read = it.facts;
      notice.remove();
    };
    const button = el("button", { type: "button", class: "button", "data-name": "seen", onclick: known }, t("Seen"));
    const notice = el("div", { class: "notice", role: "status" }, el("p", {}, el("b", {}, t("Meanwhile"))), told(entries), button);
    return notice;
  }

  function button(action, kind = "") {
    const how = {
      type: "button",
      "data-name": action.id,
      class: `button ${kind}${action.danger ? " danger" : ""}`,
      onclick: () => run(action),
    };
    return el("button", how, t(action.label), action.key && el("kbd", {}, action.key));
  }

  function actions() {
    const { first, hand, rest } = actionsFor(view(), me);
    const quiet = rest.map((action) => button(action, "quiet"));
    const menu = [el("summary", { class: "button quiet" }, t("More")), el("div", { class: "menu" }, quiet)];
    const prominent = first.map((action, at) => button(action, at === 0 ? "primary" : ""));
    const name = { class: "actions", role: "group", "aria-label": t("What can be done") };
    return el(
      "div",
      name,
      prominent,
      hand.map((action) => button(action)),
      rest.length > 0 && el("details", { class: "more", "data-name": "more" }, menu),
    );
  }

  // Runs an action by its form; one that asks nothing is done at once.
  async function run(action, start) {
    if (!action.fields.length) return once(action, {});
    const answer = await ask(action, { ...view(), version: seen() }, start);
    if (answer) await done(answer);
  }

  // Does an action with this body at once; where it is refused, its form says why.
  async function once(action, body) {
    const of = it;
    try {
      const answer = await doNow(action, { id: of.id, version: seen() }, body);
      announce(t("{number}: {action}", { number: grouped(of.number), action: t(action.label) }), "good", 3000);
      await done(answer, of.id);
    } catch (problem) {
      announce(problem.message, "bad");
      if (it?.id !== of.id) return;
      if (problem.status === 412) await show(of.id, row);
      if (action.fields.length) await run(action, body);
    }
  }

  // Shows the case as it has become by what the operator did; the console may hear of it a moment later.
  async function done(answer, id = it?.id) {
    if (wanted === id) read = Math.max(read, answer?.facts ?? it?.facts ?? 0);
    for (let again = 0; again < TRIES && wanted === id; again += 1) {
      await show(id, row);
      if (!it || it.facts >= (answer?.facts ?? 0)) break;
      await new Promise((later) => setTimeout(later, SOON));
    }
    if (it?.id === id) front = { version: it.version, before: it.version, at: 0 };
    on.done(id);
  }

  return {
    show,
    get id() {
      return wanted;
    },
    close() {
      turn += 1;
      [it, row, wanted] = [null, null, null];
      box.hidden = true;
      box.replaceChildren();
    },
    // Takes in that the row has changed, or, without one, that the case is no longer open.
    update(its) {
      if (!it) return;
      if (!its || its.v > it.version) changedMeanwhile(it.id, its ? its.v : it.version + 1);
      row = its ?? null;
      if (!its || its.f > it.facts) show(it.id, its);
      else render();
    },
    act(key) {
      const action = it?.id === wanted && it && possible().find((one) => one.key === key);
      if (action) run(action);
      return Boolean(action);
    },
    tick() {
      const shown = row?.due && box.querySelector(".due-line .due");
      if (!shown) return;
      const due = dueOf(row);
      shown.textContent = due.text;
      shown.className = `due ${due.kind}`;
    },
    focus: () => box.focus(),
  };
}
