// What the scripts of all pages share: words, the server's clock, times and lengths as people say them, and asking the services.

const known = JSON.parse(document.getElementById("known").textContent);
export const lang = document.documentElement.lang.slice(0, 2);
export const session = known.session;
export const zone = known.zone;
const words = (await import(`/static/words-${lang}.js`)).default;

// -- words

// Returns the message in the language of the page, with `values` in the places in braces.
export function t(message, values = {}) {
  const said = lang === "zh" ? words[message] : message;
  if (said === undefined) (window.gridcaseMissing ||= []).push(message);
  return (said ?? message).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

// Returns the message for one or for many; Chinese has one form for both, under the message for many.
export function tn(one, many, n, values = {}) {
  const message = lang === "en" && n === 1 ? one : many;
  return t(message, { n: number(n), ...values });
}

// Marks a message that is said later.
export const m = (message) => message;

const numbers = new Intl.NumberFormat(document.documentElement.lang);
export const number = (n) => numbers.format(n);

// -- the clock of the server, which may run faster than ours

const clock = { at: known.now, seen: performance.now() / 1000, speed: 1 };

// Takes note of what the server's clock shows, in seconds since 1970.
export function tick(at) {
  const seen = performance.now() / 1000;
  const passed = seen - clock.seen;
  if (passed > 2) clock.speed = Math.max(1, Math.min(10000, (at - clock.at) / passed));
  if (passed > 2 || at > now()) Object.assign(clock, { at, seen });
}

// Takes note of what it showed when a page was made that was fetched to renew parts of this one.
export const tickBy = (page) => tick(JSON.parse(page.getElementById("known").textContent).now);

// Returns the server's time, in seconds since 1970.
export const now = () => clock.at + (performance.now() / 1000 - clock.seen) * clock.speed;

// -- times and lengths

export const seconds = (time) => (typeof time === "number" ? time : Date.parse(time) / 1000);
const formats = new Map();
function format(options) {
  const key = JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { timeZone: zone, ...options }));
  return formats.get(key);
}
const day = (at) => format({ dateStyle: "short" }).format(at * 1000);

// Returns a time in the city's zone in full: date, hour and minute.
export function exact(time) {
  return format({ year: "numeric", month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit" }).format(seconds(time) * 1000);
}

// Returns a time as short as it is clear: the hour today, else with its date.
export function short(time) {
  const at = seconds(time);
  const clockTime = { hour: "2-digit", minute: "2-digit" };
  return format(day(at) === day(now()) ? clockTime : { month: "short", day: "numeric", ...clockTime }).format(at * 1000);
}

const UNITS = [[86400, m("{n} d")], [3600, m("{n} h")], [60, m("{n} min")], [1, m("{n} s")]];

// Returns a length of time in its largest fitting unit, and the next one where the first is small: "2 h 10 min".
export function lasting(length) {
  const all = Math.max(0, Math.round(length));
  const at = Math.max(0, UNITS.findIndex(([size]) => all >= size));
  const [size, message] = UNITS[all === 0 ? 3 : at];
  const whole = Math.floor(all / size);
  const next = UNITS[at + 1];
  const rest = next && whole < 10 && size > 60 ? Math.floor((all % size) / next[0]) : 0;
  return t(message, { n: whole }) + (rest ? " " + t(next[1], { n: rest }) : "");
}

// Returns how long ago, or in how long: "5 min ago", "in 2 h".
export function relative(time) {
  const away = seconds(time) - now();
  if (Math.abs(away) < 30) return t("now");
  return away < 0 ? t("{time} ago", { time: lasting(-away) }) : t("in {time}", { time: lasting(away) });
}

// Returns a <time> element that shows a time relatively and tells it exactly; `freshen` keeps it true.
export function timeTag(time, how = relative) {
  const tag = el("time", { datetime: new Date(seconds(time) * 1000).toISOString(), title: exact(time) }, how(time));
  tag.how = how;
  return tag;
}

// Brings the times that a part of the page shows up to date.
export function freshen(root = document) {
  for (const tag of root.querySelectorAll("time")) {
    if (!tag.how) continue;
    const said = tag.how(Date.parse(tag.dateTime) / 1000);
    if (tag.textContent !== said) tag.textContent = said;
  }
}

export function metres(far) {
  if (far === null || far === undefined) return "";
  return far < 1000 ? t("{n} m", { n: Math.round(far) }) : t("{n} km", { n: (far / 1000).toFixed(1) });
}

// -- elements

// Returns a new element: attributes (a function under a name as `onclick` listens, false and null leave out), then children.
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked" || key === "disabled") made[key] = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

// -- asking

// What a service answered where it did not do what was asked: a problem document (RFC 9457), or that nobody answered (status 0).
export class Problem extends Error {
  constructor(status, told = {}, retryAfter = 0) {
    super(told.detail || t("The connection is lost."));
    Object.assign(this, { status, errors: told.errors || [], case: told.case, retryAfter });
  }
}

async function asked(url, { method = "GET", body, raw, type, key, id, version, signal } = {}) {
  const headers = { accept: "application/json", "accept-language": lang };
  if (method === "POST") headers["gridcase-page"] = "1";
  if (body !== undefined) headers["content-type"] = "application/json";
  if (type) headers["content-type"] = type;
  if (key) headers["gridcase-key"] = key;
  if (id) headers["idempotency-key"] = id;
  if (version !== undefined) headers["if-match"] = `"${version}"`;
  let answer;
  try {
    answer = await fetch(url, { method, headers, body: raw ?? (body === undefined ? undefined : JSON.stringify(body)), signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0);
  }
  const told = answer.status === 204 ? null : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(answer.status, told, Number(answer.headers.get("retry-after")) || 0);
  return told;
}

// Asks the console itself.
export const own = (path, options) => asked(path, options);

// Asks a service: `service("dispatch", "/cases/1/acceptance", {method: "POST"})`. Options: body (JSON), raw and type (other content),
// key (of a reporter), id (Idempotency-Key: the same id and body say the same thing once), version (If-Match). Throws Problem.
export const service = (name, path, options) => asked(`/do/${name}${path}`, options);
export const act = (name, path, body, options = {}) => service(name, path, { method: "POST", body, id: newId(), ...options });

export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Sends a photo (a File or Blob) to intake; returns {name, url, thumb}.
export async function sendPhoto(file) {
  const [photo] = await service("intake", "/photos", { method: "POST", raw: file, type: file.type || "image/jpeg" });
  return photo;
}

// -- telling

// Shows a sentence for a while, also to screen readers; `kind` is "good", "bad" or "".
export function announce(sentence, kind = "", stays = 6000) {
  const toast = el("div", { class: `toast ${kind}` }, el("span", {}, sentence));
  toast.append(el("button", { type: "button", class: "icon", "aria-label": t("Close"), onclick: () => toast.remove() }, "×"));
  document.getElementById("toasts").append(toast);
  if (stays) setTimeout(() => toast.remove(), stays);
  return toast;
}

export const remember = (name, value) => { document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`; };
