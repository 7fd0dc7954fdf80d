// The words of the city on the desk, in both languages: they are shown in one, and searched in both.
import { lang, own } from "/static/core.js";

let words = null;

// Reads the words, with who is on duty in this quarter of an hour.
export async function readWords() {
  words = await own("/desk/words");
  return words;
}

export const all = (kind) => words[kind];
export const told = (kind, id) => words[kind][id];

// Returns what something is called in the language of the page; its id where the city no longer knows it.
export const say = (kind, id) => (id ? (words[kind][id]?.[lang] ?? id) : "");
export const who = (id) => say("staff", id);
export const both = (kind, id) => (words[kind][id] ? `${words[kind][id].zh} ${words[kind][id].en}` : "");
export const category = (row) => (row.cat ? say("categories", row.cat) : "");
export const condition = (row) => words.categories[row.cat]?.conditions[row.cond]?.[lang] ?? "";
export const place = (row) => [row.grid, row.addr].filter(Boolean).join(" · ");
export const fullPlace = (row) => [row.grid, say("grids", row.grid), row.addr].filter(Boolean).join(" · ");

// Returns a number as people read it: 382 0471 9963.
export const grouped = (digits) => (digits.length === 11 ? `${digits.slice(0, 3)} ${digits.slice(3, 7)} ${digits.slice(7)}` : digits);

// Returns words as they begin a label.
export const titled = (text) => text.charAt(0).toUpperCase() + text.slice(1);
export const group = (row) => words.categories[row.cat]?.group ?? null;
export const level = (at) => words.levels[at]?.[lang] ?? "";

const DIRECTING = ["operator", "duty_officer", "unit_head", "leader"];

// Returns who has signed in, with what their post may do: `directs` (assign, publish, reopen), `decides` (about appeals).
export function powers(session) {
  return { ...session, directs: DIRECTING.includes(told("staff", session.id)?.role), decides: session.roles.includes("supervisor") };
}
