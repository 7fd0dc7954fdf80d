// The figures that the wall shows: what each is called, where it stands in an answer, in what unit, and which cases are behind it.
import { lasting, m, number, t } from "/static/core.js";

const share = new Intl.NumberFormat(
  document.documentElement.lang,
  { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 },
);
const time = (name, which) => (figures) => ({ value: figures.times[name][which], count: figures.times[name].count });
function rate(name) {
  return (figures) => {
    const found = figures.rates.find((one) => one.rate === name);
    return found ? { value: found.value, parts: [found.numerator, found.denominator] } : { value: null, parts: [0, 0] };
  };
}
const count = (name) => (figures) => ({ value: figures[name] });

// kind: cases, time (seconds) or share (0 to 1). define: whose definition explains it. list: the figure whose cases are listed.
export const FIGURES = {
  open: { name: () => t("Open"), kind: "cases", define: "open", list: "open", of: count("open") },
  overdue: { name: () => t("Overdue"), kind: "cases", define: "overdue", list: "overdue", of: count("overdue") },
  overdue_share: {
    name: () => t("Share overdue"), kind: "share", define: "overdue", list: "overdue",
    of: ({ open, overdue }) => ({ value: open ? overdue / open : null, parts: [overdue, open] }),
  },
  reported: { name: () => t("Reported in the period"), kind: "cases", define: "reported", list: "reported", of: count("reported") },
  closed: { name: () => t("Closed in the period"), kind: "cases", define: "closed", list: "closed", of: count("closed") },
  response_p50: {
    name: () => t("Response, half within"),
    kind: "time",
    define: "times.response",
    list: "times",
    of: time("response", "p50"),
  },
  response_p90: {
    name: () => t("Response, 90% within"),
    kind: "time",
    define: "times.response",
    list: "times",
    of: time("response", "p90"),
  },
  resolution_p50: {
    name: () => t("Resolution, half within"),
    kind: "time",
    define: "times.resolution",
    list: "times",
    of: time("resolution", "p50"),
  },
  resolution_p90: {
    name: () => t("Resolution, 90% within"),
    kind: "time",
    define: "times.resolution",
    list: "times",
    of: time("resolution", "p90"),
  },
  response_rate: { name: () => t("Response rate"), kind: "share", define: "rates.response", list: "rates", of: rate("response") },
  resolution_rate: { name: () => t("Resolution rate"), kind: "share", define: "rates.resolution", list: "rates", of: rate("resolution") },
  satisfaction_rate: {
    name: () => t("Satisfaction rate"),
    kind: "share",
    define: "rates.satisfaction",
    list: "rates",
    of: rate("satisfaction"),
  },
};
export const RATES = ["response_rate", "resolution_rate", "satisfaction_rate"];
export const TIMES = ["response_p50", "response_p90", "resolution_p50", "resolution_p90"];
export const UNITS = { cases: () => t("cases"), time: () => t("seconds"), share: () => t("share, 0 to 1") };

// Returns a value as people read it, with its unit.
export function shown(kind, value) {
  if (value === null || value === undefined) return t("no value");
  if (kind === "time") return lasting(value);
  return kind === "share" ? share.format(value) : number(value);
}

// Returns the roundest step by which a scale goes to `most` in at most so many.
const MINUTE = 60, HOUR = 3600, DAY = 86400;
const ROUND = {
  time: [MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 5 * DAY, 10 * DAY, 30 * DAY],
  share: [0.02, 0.05, 0.1, 0.2], cases: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000],
};
export const step = (kind, most, steps) => ROUND[kind].find((one) => one * steps >= most) || most / steps;

// Returns how a value differs from that of the period before, as an arrow and in words; "" where one of them has no value.
export function change(kind, value, before) {
  if ([value, before].some((one) => one === null || one === undefined)) return "";
  const more = value - before;
  const arrow = more > 0 ? "▲" : more < 0 ? "▼" : "=";
  if (Math.abs(more) < { cases: 1, time: 1, share: 0.0005 }[kind]) return `= ${t("as before")}`;
  return `${arrow} ${inWords(kind, Math.abs(more), more > 0)}`;
}

const CHANGES = {
  share: { more: m("{n} points more than before"), less: m("{n} points less than before"), values: (size) => ({ n: (size * 100).toFixed(1) }) },
  time: { more: m("{time} longer than before"), less: m("{time} shorter than before"), values: (size) => ({ time: lasting(size) }) },
  cases: { more: m("{n} more than before"), less: m("{n} fewer than before"), values: (size) => ({ n: number(size) }) },
};

function inWords(kind, size, more) {
  const change = CHANGES[kind];
  return t(more ? change.more : change.less, change.values(size));
}
