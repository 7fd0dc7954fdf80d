// How much time is left of what is due, on its own clock: working time does not pass at night. Pure; all times in seconds since 1970.

const WORKING = ["work_hours", "work_days"];

// Returns how many seconds of the spans lie between two times; spans are in order and do not overlap.
export function worked(spans, from, to) {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle][1] <= from) low = middle + 1;
    else high = middle;
  }
  let sum = 0;
  for (let at = low; at < spans.length && spans[at][0] < to; at += 1) sum += Math.min(spans[at][1], to) - Math.max(spans[at][0], from);
  return sum;
}

// Returns how many seconds a working day has: the most usual sum of spans that lie close together.
export function workDay(spans) {
  const days = [];
  spans.forEach(([opens, closes], at) => {
    if (at && opens - spans[at - 1][1] < 6 * 3600) days[days.length - 1] += closes - opens;
    else days.push(closes - opens);
  });
  const often = new Map();
  for (const day of days) often.set(day, (often.get(day) || 0) + 1);
  return [...often].sort((one, other) => other[1] - one[1])[0]?.[0] ?? 8 * 3600;
}

// Returns what a deadline looks like now: seconds `left` on its own clock, less than 0 when it has passed; `kind` is the class of
// `.due`; `working`: it runs in working time alone; `runs`: it runs just now.
export function left(due, now, spans, paused = false) {
  if (!due) return { left: null, kind: paused ? "stands" : "calm", working: false, runs: false };
  const working = WORKING.includes(due.clock);
  const over = now >= due.at;
  const [from, to] = over ? [due.at, now] : [now, due.at];
  const length = working ? worked(spans, from, to) : to - from;
  return { left: over ? -length : length, kind: kind(due, now, paused), working, runs: !working || worked(spans, now, now + 1) > 0 };
}

function kind(due, now, paused) {
  if (now >= due.at) return "over";
  if (paused) return "stands";
  if (due.most !== null && now >= due.most) return "hot";
  return due.half !== null && now >= due.half ? "warm" : "calm";
}

// Returns the time that a clock on the wall of a zone shows as `local` ("2026-03-02T09:30"), in seconds since 1970.
export function fromWall(local, zone) {
  const wished = Date.parse(`${local}Z`) / 1000;
  let at = wished;
  for (let again = 0; again < 2; again += 1) at += wished - Date.parse(`${toWall(at, zone)}Z`) / 1000;
  return at;
}

// Returns what a clock on the wall of a zone shows, as `<input type="datetime-local">` takes it.
export function toWall(at, zone) {
  const options = {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  };
  const part = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", options).formatToParts(at * 1000).map(({ type, value }) => [type, value]),
  );
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}
