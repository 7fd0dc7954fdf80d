// The parts of the case panel that only show something: what it is, in whose words, where, by when, with whom.
import { el, exact, lang, own, short, t, timeTag, tn } from "/static/core.js";
import { dueOf } from "/static/desk-row.js";
import { all, grouped, level, say, who } from "/static/desk-words.js";

const waiting = (kind) => el("p", { class: `skeleton ${kind}` }, " ");
export const skeleton = () => el("div", { class: "stack" }, waiting("tall"), waiting(""), waiting(""));

// Returns the line on top, which stays in sight, with the button that closes the panel.
export function top(close, ...more) {
  const button = el("button", { type: "button", class: "icon", "aria-label": t("Close"), title: t("Close"), onclick: close }, "×");
  return el("div", { class: "panel-top" }, more, button);
}

const conditionOf = (it) => all("categories")[it.category]?.conditions[it.condition]?.[lang] ?? "";

// Returns number, grade and status, what the case is, and what is due next.
export function head(it, row, close) {
  const title = [it.words.category || t("Not classified yet"), conditionOf(it)].filter(Boolean).join(" · ");
  return [
    top(
      close,
      el("span", { class: "number" }, grouped(it.number)),
      el("span", { class: `grade ${it.grade || "none"}` }, it.grade ? it.words.grade : "–"),
      el("span", { class: "chip" }, it.words.status),
      it.confidential && el("span", { class: "chip" }, t("Confidential")),
    ),
    el("h2", {}, title),
    row?.due && dueLine(row),
  ];
}

function dueLine(row) {
  const due = dueOf(row);
  const at = el("span", { class: "soft small" }, ` · ${exact(row.due.at)}`);
  return el("p", { class: "due-line" }, el("span", { class: `due ${due.kind}` }, due.text), " ", due.what, at);
}

// Returns what the reporter said, how it came, where it is, and how long cases like it take.
export function words(it, locate) {
  const came = t("{channel}, {time}", { channel: say("channels", it.channel), time: short(it.reported_at) });
  const place = [it.words.grid, it.address].filter(Boolean).join(" · ") || t("Where it is was not said.");
  const button = locate && el("button", { type: "button", class: "button quiet", onclick: locate }, t("Show on the map"));
  return el(
    "section",
    {},
    el("blockquote", { lang: it.language }, it.text || t("No words were given.")),
    el("p", { class: "soft small" }, came, " · ", timeTag(it.reported_at)),
    el("p", { class: "where" }, place, button),
    it.expected && el("p", { class: "soft small" }, it.expected.words),
  );
}

// Returns another case by its number, which is asked for; `open(id)` opens it.
function link(id, open) {
  const made = el("button", { type: "button", class: "chip", onclick: () => open(id) }, "…");
  const say = (other) => {
    made.textContent = [grouped(other.number), other.words.category].join(" · ");
  };
  own(`/cases/${id}`).then(say, () => made.remove());
  return made;
}

const time = (value) => value && [exact(value), el("span", { class: "soft" }, " (", timeTag(value), ")")];
const times = (n) => n > 0 && tn("{n} time", "{n} times", n);

// Returns who has it, by when what is due, and what became of it.
export function facts(it, open) {
  const list = [
    [t("With"), who(it.assignee)],
    [t("Unit"), it.words.department],
    [t("First response due"), !it.accepted_at && time(it.respond_by)],
    [t("To be done by"), time(it.resolve_by)],
    [t("Done"), time(it.completed_at)],
    [t("Level"), it.level > 0 && level(it.level)],
    [t("Extended"), times(it.extensions)],
    [t("Reopened"), times(it.reopenings)],
    [t("Outcome"), it.outcome],
    [t("Merged into"), it.into && link(it.into, open)],
    [t("Merged into this one"), it.followers.length > 0 && it.followers.slice(0, 20).map((id) => link(id, open))],
  ];
  const said = list.filter(([, value]) => value);
  return el(
    "dl",
    { class: "facts" },
    said.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
  );
}
