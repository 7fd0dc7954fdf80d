// What the wall is asked for. All of it stands in the address of the page, so that a view can be kept and sent to somebody.
import { now, session, zone } from "/static/core.js";

export const AREAS = ["county", "street", "community", "grid"];
export const DIMENSIONS = [...AREAS, "department", "group", "category", "grade"];
const USUAL = {
  period: "30d",
  show: "cases",
  trend: "cases",
  every: "day",
  heat: "open",
  where: "grid",
  what: "group",
  rates: "department",
};
const PLAIN = [...Object.keys(USUAL), "from", "to", "screen", "rotate", "list"];
const EVERYTHING = ["operator", "supervisor", "manager", "auditor", "admin"];
const LISTING = ["operator", "supervisor", "unit", "manager", "auditor"];
const STEERING = ["operator", "supervisor", "unit"];
const any = (roles) => session.roles.some((role) => roles.includes(role));

// What this account sees: one unit's figures only, cases behind the figures, the desk.
export const ownUnit = any(EVERYTHING) ? null : session.unit;
export const seesCases = any(LISTING);
export const steers = any(STEERING);

export function read(search = location.search) {
  const query = new URLSearchParams(search);
  const filters = Object.fromEntries(DIMENSIONS.map((name) => [
    name,
    query.getAll(name).filter(Boolean),
  ]).filter(([, some]) => some.length));
  if (ownUnit) filters.department = [ownUnit];
  return { ...USUAL, ...Object.fromEntries(PLAIN.filter((name) => query.get(name)).map((name) => [name, query.get(name)])), filters };
}

// Returns the address of a view; `changes` replaces some of it, `filters` some of its filters (null takes one away).
export function address(state, { filters = {}, ...changes } = {}) {
  const query = new URLSearchParams();
  for (
    const [name, some] of Object.entries({ ...state.filters, ...filters })
  ) for (const value of [some ?? []].flat()) if (name !== "department" || !ownUnit) query.append(name, value);
  for (const name of PLAIN) {
    const value = name in changes ? changes[name] : state[name];
    if (value && value !== USUAL[name]) query.set(name, value);
  }
  const text = query.toString();
  return text ? `?${text}` : location.pathname;
}

// -- days and periods in the city's zone; times are seconds since 1970

const parts = new Intl.DateTimeFormat(
  "en-CA",
  {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  },
);
function wall(at) {
  const found = Object.fromEntries(parts.formatToParts(at * 1000).map((part) => [part.type, part.value]));
  return Date.parse(`${found.year}-${found.month}-${found.day}T${found.hour}:${found.minute}:${found.second}Z`) / 1000;
}
export const dayOf = (at) => new Date(wall(at) * 1000).toISOString().slice(0, 10);
export function midnight(day) {
  const shown = Date.parse(`${day}T00:00:00Z`) / 1000;
  const near = shown - (wall(shown) - shown);
  return near - (wall(near) - shown);
}
export const later = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86400000).toISOString().slice(0, 10);
const months = (day, n) => new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + n, 1)).toISOString().slice(0, 10);
export const iso = (at) => new Date(Math.floor(at) * 1000).toISOString();

// Returns when the period begins and ends (null: open), and the period before it that it is compared with, up to the same hour.
export function span({ period, from, to }) {
  const today = dayOf(now());
  const month = `${today.slice(0, 7)}-01`;
  const days = { today: 1, "7d": 7, "30d": 30, "90d": 90 }[period];
  if (days) return upToNow(later(today, 1 - days), later(today, 1 - 2 * days));
  if (period === "month") return upToNow(month, months(month, -1));
  if (period === "year") return upToNow(`${today.slice(0, 4)}-01-01`, `${Number(today.slice(0, 4)) - 1}-01-01`);
  if (period === "last-month") return whole(months(month, -1), month, months(month, -2));
  if (period === "days" && from && to && from <= to) {
    const length = (Date.parse(to) - Date.parse(from)) / 86400000 + 1;
    return whole(from, later(to, 1), later(from, -length));
  }
  return { after: null, before: null, prior: null };
}
function upToNow(begin, earlier) {
  const [after, then] = [midnight(begin), midnight(earlier)];
  return { after, before: null, prior: { after: then, before: Math.min(after, then + Math.floor(now()) - after) } };
}
function whole(begin, end, earlier) {
  const after = midnight(begin);
  return { after, before: midnight(end), prior: { after: midnight(earlier), before: after } };
}

// Returns the query of a request for figures: the filters of the view and what else is asked.
export function query(state, more = {}) {
  const found = new URLSearchParams();
  for (const [name, some] of Object.entries(state.filters)) for (const value of some) found.append(name, value);
  for (const [name, value] of Object.entries(more)) if (value !== null && value !== undefined) found.set(
    name,
    name === "after" || name === "before" ? iso(value) : value,
  );
  return found.size ? `?${found}` : "";
}
