// What is shown of a task: what the service says of it, with what waits to be sent laid over it, marked.

// What a case becomes when a step has taken effect; "gone": it is no task of this person any more.
const BECOMES = {
  acceptance: "accepted", start: "working", pause: "paused", resume: "working", completion: "completed", record: "completed",
  refusal: "gone", return: "gone", confirmation: "gone", rejection: "gone", verification: "gone", rework: "gone",
};

// Returns the errand as it will be: `waiting` and `refused` are the entries about it, `supposed` says that its status is not the service's.
export function laid(errand, entries) {
  const own = entries.filter((entry) => entry.case === errand.id && !entry.settled);
  const waiting = own.filter((entry) => entry.state === "waiting");
  const refused = own.filter((entry) => entry.state === "refused");
  const shown = { ...errand, waiting, refused, supposed: false };
  for (const entry of own) {
    if (entry.state === "refused") break; // what comes after it waits for it
    shown.status = BECOMES[entry.what] ?? shown.status;
    shown.supposed ||= entry.what in BECOMES;
    shown.on_way ||= entry.what === "on_way";
    shown.contacted ||= entry.what === "contact";
    shown.appealed ||= entry.what === "appeal";
    shown.awaits &&= entry.what !== "explanation";
  }
  const answered = shown.status !== "assigned" && errand.status === "assigned"; // then the work is due, no answer any more
  if (answered) shown.due = errand.resolve_by ? { at: Date.parse(errand.resolve_by) / 1000, what: "resolve", half: null, most: null } : null;
  return shown;
}

const PART_OF_A_DAY = 2 * 3600; // seconds: what is due within them is due now
const SAME = 3600; // seconds: what is due within the same hour is sorted by how far it is

// Returns "now", "today", "later" or "done" for an errand.
export function when(errand, now, dayEnds) {
  if (errand.status === "gone" || errand.status === "completed" && errand.kind !== "check") return "done";
  if (errand.status === "paused" || !errand.due) return "later";
  if (errand.grade === "emergency" || errand.due.at - now < PART_OF_A_DAY) return "now";
  return errand.due.at < dayEnds ? "today" : "later";
}

// Puts errands in order: one's own before what one is only told of, the earlier deadline before the later, within an hour the nearer.
export function ordered(errands) {
  const hour = (one) => (one.due ? Math.floor(one.due.at / SAME) : Infinity);
  const keys = (one) => [one.kind === "told" ? 1 : 0, hour(one), one.far ?? Infinity, one.due?.at ?? Infinity];
  return [...errands].sort((a, b) => {
    const [left, right] = [keys(a), keys(b)];
    const at = left.findIndex((value, place) => value !== right[place]);
    return at < 0 ? (a.id < b.id ? -1 : 1) : left[at] - right[at];
  });
}

// Returns metres between two places {lat, lon} on a sphere.
export function apart(a, b) {
  const rad = Math.PI / 180;
  const half = (x) => Math.sin(x / 2) ** 2;
  const h = half((b.lat - a.lat) * rad) + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * half((b.lon - a.lon) * rad);
  return 2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(h)));
}
