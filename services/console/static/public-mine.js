// The reader's own reports and those they follow. They are kept on this device alone, with the keys that were given for them.

const NAME = "gridcase-reports";
const MOST = 200;

export const digits = (number) => String(number).replace(/\D/g, "");
export const pretty = (number) => digits(number).replace(/^(\d{3})(\d{4})(\d{4})$/, "$1 $2 $3");
export const address = (one) => `/public/${digits(one.number)}${one.key ? `#key=${encodeURIComponent(one.key)}` : ""}`;

// Returns all that is kept, the newest first: {number, key, at, words, seen}; `seen` is the step that was shown last.
export function mine() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) || [];
  } catch {
    return [];
  }
}

export const find = (number) => mine().find((one) => one.number === digits(number));

// Keeps a report, or what is new about it. Returns false where the browser keeps nothing.
export function keep(number, change) {
  const all = mine();
  const at = all.findIndex((one) => one.number === digits(number));
  const one = { ...(at < 0 ? {} : all[at]), number: digits(number), ...change };
  if (at < 0) all.unshift(one);
  else all[at] = one;
  return write(all.slice(0, MOST));
}

export const forget = (number) => write(mine().filter((one) => one.number !== digits(number)));

function write(all) {
  try {
    localStorage.setItem(NAME, JSON.stringify(all));
    return true;
  } catch {
    return false;
  }
}
