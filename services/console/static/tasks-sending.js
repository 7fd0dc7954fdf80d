// When the outbox is emptied: as soon as something is in it, when the connection comes back, when the page is looked at, and from time to
// time. One of all pages and the worker of this phone sends at a time.
import { lang, newId, now } from "/static/core.js";
import { me } from "/static/tasks-keep.js";
import { outbox } from "/static/tasks-outbox.js";
import { send } from "/static/tasks-send.js";
import { store } from "/static/tasks-store.js";

const box = outbox({ store, send, wall: Date.now });
const news = new BroadcastChannel("tasks");
const told = new Set();
let timer = null;
let pause = 5_000;
export const state = { became: "rest" };

// Tells `hear` whenever an entry may have changed, here or in another page.
export const listen = (hear) => told.add(hear);
const tell = () => { for (const hear of told) hear(); };
news.addEventListener("message", tell);

export async function flush(force = false) {
  clearTimeout(timer);
  await navigator.locks.request("tasks-outbox", async () => {
    state.became = await box.flush(me, { force });
  });
  const waiting = (await entries()).some((entry) => entry.state === "waiting");
  pause = state.became === "away" || waiting ? Math.min(60_000, pause * 1.5) : 5_000;
  if (waiting && state.became !== "signed-out") timer = setTimeout(flush, pause);
  changed();
}

function changed() {
  news.postMessage("changed");
  tell();
}

export const entries = () => store.all(me);

// Returns an entry for an act, with the key under which it will be sent and the time at which it was done.
export const entry = (errand, what, act, body, photos = []) => ({
  id: newId(), by: me, lang, case: errand?.id ?? null, number: errand?.number ?? null, what, service: act.service, path: act.path, body,
  photos: photos.map(({ id }) => ({ id, name: null })), at: now(), pressed: Date.now(), timed: !act.untimed, patient: Boolean(act.patient),
});

// Keeps entries with their photos, all or nothing, and sends them.
export async function say(some, photos = []) {
  await box.add(some, photos);
  changed();
  navigator.storage?.persist?.();
  navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("outbox")).catch(() => {}); // not every browser has it
  await flush(true);
}

const then = (work) => async (...values) => { await work(...values); changed(); };
export const again = async (id) => { await box.again(me, id); await flush(true); };
export const instead = async (id, change) => { await box.instead(me, id, { id: newId(), ...change }); await flush(true); };
export const drop = then((id) => box.drop(me, id));
export const settle = then((versions, asked) => box.settle(me, versions, asked));

addEventListener("online", () => { pause = 5_000; flush(true); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(true); });
