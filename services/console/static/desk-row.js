// One case in the list: two lines that say by when what is due, what it is, where, in which words, how it stands and who has it.
import { el, exact, lasting, now, t, tn } from "/static/core.js";
import { left, workDay } from "/static/desk-clock.js";
import { all, category, condition, fullPlace, level, place, say, who } from "/static/desk-words.js";

let day = null;
const lengthOfDay = () => (day ??= workDay(all("work")));

// Returns how much of a clock is left, or has passed, in the units of that clock; how late something is need not be said so exactly.
export function length(seconds, clock, roughly = false) {
  if (clock !== "work_days" || seconds < lengthOfDay())
    return lasting(roughly && seconds >= 3600 ? seconds - (seconds % (seconds < 86400 ? 3600 : 86400)) : seconds);
  const days = Math.floor(seconds / lengthOfDay());
  const hours = Math.floor((seconds % lengthOfDay()) / 3600);
  return t("{n} work d", { n: days }) + (days < 10 && hours ? " " + t("{n} h", { n: hours }) : "");
}

// Returns how what is due next of a row stands: {kind, text, what, title}.
export function dueOf(row) {
  const due = row.due;
  const clock = left(due, now(), all("work"), row.st === "paused");
  if (!due) return { kind: clock.kind, text: "–", what: t("nothing due"), title: "" };
  const passed = clock.left < 0 || clock.kind === "over";
  const text = passed ? t("{time} late", { time: length(-clock.left, due.clock, true) }) : length(clock.left, due.clock);
  const rests = clock.runs ? "" : [" · ", t("stands still until work begins")].join("");
  const title = `${say("due", due.what)}: ${exact(due.at)} (${say("clocks", due.clock)})${rests}`;
  return { kind: clock.kind, text, what: say("due", due.what), title, rests: !clock.runs && !passed };
}

const part = (name, ...children) => el("span", { class: name }, ...children);

// Returns an empty line; `fill` says what stands in it.
export function line() {
  const node = el("div", { role: "option", class: "line" });
  node.append(
    part("pick"),
    part("time", part("due"), part("what")),
    part("main", part("first", part("grade"), part("name"), part("marks"), part("no number")), part("second", part("spot"), part("words"))),
    part("state", part("status"), part("hand")),
  );
  node.at = Object.fromEntries(
    ["due", "what", "grade", "name", "marks", "no", "spot", "words", "status", "hand"].map((name) => [
      name,
      node.querySelector(`.${name}`),
    ]),
  );
  return node;
}

const put = (node, text) => {
  if (node.textContent !== text) node.textContent = text;
};

// Says in a line what a row says.
export function fill(node, row) {
  const at = node.at;
  put(at.grade, row.g ? say("grades", row.g) : "");
  at.grade.className = `grade ${row.g || "none"}`;
  put(at.name, row.cat ? category(row) : t("Not classified yet"));
  at.name.title = condition(row);
  at.marks.replaceChildren(...marks(row));
  put(at.no, row.n);
  put(at.spot, place(row));
  at.spot.title = fullPlace(row);
  at.words.title = row.text || "";
  put(at.words, row.conf ? t("Confidential") : row.text || "");
  put(at.status, row.gone ? t("left this list") : row.waits ? say("waits", row.waits) : say("statuses", row.st));
  at.status.className = `status${row.waits && !row.gone ? " waits" : ""}`;
  put(at.hand, who(row.who) || say("departments", row.dept));
  node.classList.toggle("gone", Boolean(row.gone));
  node.classList.toggle("emergency", row.g === "emergency");
  time(node, row);
}

// Brings the time that is left up to date.
export function time(node, row) {
  const due = dueOf(row);
  put(node.at.due, due.text);
  put(node.at.what, due.rests ? `${due.what} ☾` : due.what);
  if (node.at.due.dataset.kind !== due.kind) {
    node.at.due.dataset.kind = due.kind;
    node.at.due.className = `due ${due.kind}`;
  }
  if (node.at.due.title !== due.title) node.at.due.title = due.title;
}

// Returns the small signs of a row: how many reported it, that it came back, how high it has climbed.
export function marks(row) {
  const sign = (text, title) => el("span", { class: "mark", title, role: "img", "aria-label": title }, text);
  return [
    row.n_same > 0 && sign(`+${row.n_same}`, tn("one more report of the same", "{n} more reports of the same", row.n_same)),
    row.again > 0 && sign(`⟳${row.again}`, tn("reopened once", "reopened {n} times", row.again)),
    row.refusals > 0 && sign(`↩${row.refusals}`, tn("given back once", "given back {n} times", row.refusals)),
    row.lvl > 0 && sign(`↑${row.lvl}`, t("brought to the notice of: {level}", { level: level(row.lvl) })),
    row.conf && sign("◆", t("Confidential")),
  ].filter(Boolean);
}
