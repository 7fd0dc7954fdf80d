// The service worker of the page: opens it without a connection, and sends what waits when the phone lets it. FILES and VERSION stand above.
import { outbox } from "/static/tasks-outbox.js";
import { send } from "/static/tasks-send.js";
import { store } from "/static/tasks-store.js";

const OWN = `tasks-files-${VERSION}`;
const SHELL = "tasks-shell";
const KEPT = "tasks-kept";
const PATIENCE_MS = 3_000;
const AWAY_MS = 15_000; // for which nobody is asked again who did not answer
let away = 0;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(OWN).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("tasks-files-") && name !== OWN;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, searchParams } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === "/tasks" && !searchParams.has("shell")) event.respondWith(fresh(request, () => shell(searchParams.get("lang"))));
  } else if (pathname.startsWith("/do/intake/photos/")) event.respondWith(photo(request, pathname));
  else if (FILES.includes(pathname)) event.respondWith(fresh(request, async () => (await caches.open(OWN)).match(pathname)));
});

// Returns what the network has, or what is kept if it does not answer soon; whoever did not answer is not waited for again at once.
async function fresh(request, keptOne) {
  const lost = Date.now() < away && await keptOne();
  if (lost) return lost;
  const asked = fetch(request).then((answer) => { if (answer.status >= 500) throw new Error(); return answer; });
  try {
    return await Promise.race([asked, new Promise((_, reject) => { setTimeout(reject, PATIENCE_MS); })]);
  } catch {
    const found = await keptOne();
    if (!found) return asked.catch(() => Response.error());
    away = Date.now() + AWAY_MS;
    asked.then(() => { away = 0; }, () => {});
    return found;
  }
}

async function shell(asked) {
  const cache = await caches.open(SHELL);
  const lang = asked ?? (await (await cache.match("/tasks/lang"))?.text()) ?? "zh";
  return cache.match(`/tasks/shell/${lang}`);
}

async function photo(request, pathname) {
  return (await (await caches.open(KEPT)).match(pathname)) ?? fetch(request);
}

self.addEventListener("message", (event) => { if (event.data === "online") away = 0; });

self.addEventListener("sync", (event) => { if (event.tag === "outbox") event.waitUntil(empty()); });

// Sends what waits, of every account: each entry says whose it is, and the console refuses it for another one.
async function empty() {
  const box = outbox({ store, send, wall: Date.now });
  const left = await navigator.locks.request("tasks-outbox", async () => {
    for (const by of await store.accounts()) if (await box.flush(by, { force: true }) === "away") return true;
    return false;
  });
  new BroadcastChannel("tasks").postMessage("changed");
  if (left) throw new Error("away"); // asks the browser to try again
}
