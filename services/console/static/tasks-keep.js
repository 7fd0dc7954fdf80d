// What the phone keeps besides the outbox, for when there is no connection: the last list, the words of the city, the page itself in both
// languages. All of it belongs to one account, and is forgotten when that one signs out. Of a confidential case only what it takes to know
// that there is one.
import { lang, now, own, session, tick } from "/static/core.js";
import { kept } from "/static/tasks-store.js";

export const me = session?.id ?? "";
const SHELL = "tasks-shell"; // of pages; the worker reads it
const KEPT = "tasks-kept"; // all caches that belong to an account begin so
const BLANK = { category: null, condition: null, location: null, address: null, text: "", metres: null, outcome: null, done: "", photos: [], steps: [] };

// Asks what there is to do. Returns null if nothing has changed; throws if it cannot be found out.
export async function ask(tag) {
  const headers = { accept: "application/json", ...(tag && { "if-none-match": tag }) };
  const answer = await fetch("/tasks/mine", { headers, cache: "no-store", signal: AbortSignal.timeout(15_000) });
  if (answer.status !== 304 && !answer.ok) throw Object.assign(new Error(), { status: answer.status });
  const at = Number(answer.headers.get("gridcase-now"));
  if (!at) throw Object.assign(new Error(), { status: 0 }); // somebody else answered
  tick(at);
  return answer.status === 304 ? { mine: null, tag, at } : { mine: await answer.json(), tag: answer.headers.get("etag"), at };
}

export const remembered = () => kept.get(`${me}/list`);

// Keeps the list and what the clock of the city shows; `wall` is by the phone's clock, which alone goes on while the page is closed.
export function remember(mine) {
  const errands = mine.errands.map((errand) => (errand.confidential ? { ...errand, ...BLANK } : errand));
  return kept.put(`${me}/list`, { mine: { ...mine, errands }, at: now(), wall: Date.now() });
}

// Sets the clock by what was kept: a page out of the phone's memory shows the time at which it was put there.
export function wind(list) {
  if (list) tick(list.at + (Date.now() - list.wall) / 1000);
}

// Returns the city as maps draw it, by the service or as it was kept.
export async function cityOf() {
  try {
    const city = await own("/pages/city");
    await kept.put("city", city);
    return city;
  } catch {
    return kept.get("city"); // perhaps with names in the other language; maps show none
  }
}

// Keeps this page in both languages, as this account sees it, and in which language it is read.
export async function keepPage() {
  const cache = await caches.open(SHELL);
  await cache.put("/tasks/lang", new Response(lang));
  for (const one of ["zh", "en"]) {
    const page = await fetch(`/tasks?shell=${one}`);
    if (page.ok && !page.redirected) await cache.put(`/tasks/shell/${one}`, page);
  }
}

export const readIn = async (one) => (await caches.open(SHELL)).put("/tasks/lang", new Response(one));

// Keeps small photos of errands that are not confidential; the worker shows them when there is no connection.
export async function keepPhotos(errands) {
  const cache = await caches.open(KEPT);
  const wanted = new Map(errands.filter((one) => !one.confidential).flatMap((one) => one.photos.map((photo) => [
    photo.thumb.split("?")[0], photo.thumb,
  ])));
  for (const there of await cache.keys()) {
    const path = new URL(there.url).pathname;
    if (!wanted.delete(path)) await cache.delete(there);
  }
  for (const [path, link] of wanted) {
    const answer = await fetch(link).catch(() => null);
    if (answer?.ok) await cache.put(path, answer);
  }
}

// Forgets all that was kept for whoever was here, but what they have done and is not sent: that waits until they sign in again.
export async function forget(whom = me) {
  await Promise.all([caches.delete(SHELL), caches.delete(KEPT), kept.forget(`${whom}/`)]);
}
