// What the desk shows: filters that stand in the address, how many cases each would leave, and search in both languages.
import { all, both, group } from "/static/desk-words.js";

// The filters that hold several values: what a row has of each, and the name in the address.
export const FACETS = {
  waits: (row) => row.waits,
  status: (row) => row.st,
  grade: (row) => row.g,
  unit: (row) => row.dept,
  grid: (row) => row.grid,
  kind: group,
};
const KINDS = Object.keys(FACETS);

export const nothing = () => ({ q: "", over: false, turn: false, mine: "", ...Object.fromEntries(KINDS.map((name) => [name, []])) });

// Reads filters from the query of an address.
export function fromQuery(query) {
  const asked = new URLSearchParams(query);
  const found = nothing();
  for (const name of KINDS) found[name] = (asked.get(name) || "").split(",").filter(Boolean);
  found.q = asked.get("q") || "";
  found.over = asked.has("over");
  found.turn = asked.has("turn");
  found.mine = ["me", "unit"].includes(asked.get("mine")) ? asked.get("mine") : "";
  return found;
}

// Writes filters into the query of an address, beside what else stands there.
export function toQuery(filters, query) {
  const asked = new URLSearchParams(query);
  const set = (name, value) => (value ? asked.set(name, value) : asked.delete(name));
  for (const name of KINDS) set(name, filters[name].join(","));
  set("q", filters.q.trim());
  set("over", filters.over && "1");
  set("turn", filters.turn && "1");
  set("mine", filters.mine);
  return asked.toString().replaceAll("%2C", ",");
}

export const active = (filters) =>
  Boolean(filters.q.trim() || filters.over || filters.turn || filters.mine || KINDS.some((name) => filters[name].length));

export const plain = (text) => text.normalize("NFKC").toLowerCase();
const texts = new WeakMap();

// Returns everything that a row can be found by, in both languages.
function textOf(row) {
  if (!texts.has(row)) {
    const condition = all("categories")[row.cat]?.conditions[row.cond];
    const names = [
      both("categories", row.cat),
      both("departments", row.dept),
      both("grids", row.grid),
      both("statuses", row.st),
      both("grades", row.g),
      both("staff", row.who),
    ];
    texts.set(
      row,
      plain([row.n, row.n.replaceAll(" ", ""), row.text, row.addr, row.grid, condition?.zh, condition?.en, ...names].join(" ")),
    );
  }
  return texts.get(row);
}

// Returns the words that a row must have: parted at spaces, but a number is one word however it is grouped.
export function sought(text) {
  const asked = plain(text.trim());
  return /^[\d\s]+$/.test(asked) ? [asked.replace(/\s/g, "")].filter(Boolean) : asked.split(/\s+/).filter(Boolean);
}

export const late = (row, now) => row.over || (row.due !== null && row.due.at <= now);

// Whether something waits for whoever sits here; an appeal waits for those who decide it.
export const awaits = (row, me) => row.waits !== null && (row.waits !== "ruling" || me.decides);

// Returns a test of rows, and one that counts: for each filter, how many rows each value would leave, all others as they are.
export function sieve(filters, me, now) {
  const terms = sought(filters.q);
  const sets = KINDS.filter((name) => filters[name].length).map((name) => [name, FACETS[name], new Set(filters[name])]);
  const mine = { me: (row) => row.who === me.id, unit: (row) => row.dept === me.unit };
  const rules = [
    ...sets.map(([name, value, set]) => [name, (row) => set.has(value(row))]),
    ...(filters.over ? [["over", (row) => late(row, now)]] : []),
    ...(filters.turn ? [["turn", (row) => awaits(row, me)]] : []),
    ...(filters.mine ? [["mine", mine[filters.mine]]] : []),
  ];
  const found = (row) => terms.every((term) => textOf(row).includes(term));
  const passes = (row) => rules.every(([, rule]) => rule(row)) && (!terms.length || found(row));

  function count(rows) {
    const counts = Object.fromEntries([...KINDS, "over", "turn", "mine"].map((name) => [name, new Map()]));
    counts.all = 0;
    const add = (name, value) => counts[name].set(value, (counts[name].get(value) || 0) + 1);
    for (const row of rows) {
      if (terms.length && !found(row)) continue;
      counts.all += 1;
      const failed = rules.filter(([, rule]) => !rule(row));
      if (failed.length > 1) continue;
      const only = failed[0]?.[0];
      for (const name of KINDS) if (!only || only === name) add(name, FACETS[name](row));
      if ((!only || only === "over") && late(row, now)) add("over", true);
      if ((!only || only === "turn") && awaits(row, me)) add("turn", true);
      if (!only || only === "mine") for (const whose of ["me", "unit"]) if (mine[whose](row)) add("mine", whose);
    }
    return counts;
  }
  return { passes, count };
}
