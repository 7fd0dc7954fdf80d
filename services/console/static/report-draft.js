// What was written and not sent yet, kept on the device: words in localStorage, photos in IndexedDB.
import { newId } from "/static/core.js";

const NAME = "gridcase-draft";
const STORE = "photos";
const OLD = 14 * 24 * 3600 * 1000; // milliseconds of the device's own clock

const BLANK = { text: "", address: "", location: null, category: null, phone: "", email: "", name: "", same: null, outgoing: null };

// Returns the draft with an `id` of its own, under which it makes one case however often it is sent.
export function draft() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(NAME));
  } catch {
    kept = null;
  }
  return kept && Date.now() - kept.at < OLD ? { ...BLANK, ...kept } : { ...BLANK, id: newId() };
}

export function save(one) {
  try {
    localStorage.setItem(NAME, JSON.stringify({ ...one, at: Date.now() }));
  } catch {
    // private windows keep nothing; what is on the screen is still there
  }
}

export function drop() {
  try {
    localStorage.removeItem(NAME);
  } catch {
    // nothing was kept
  }
}

// Returns where photos are kept: {put(id, value), remove(id), all()}; in memory alone where the browser has no database.
export async function photoStore() {
  const memory = new Map();
  const db = await opened().catch(() => null);
  const doing = (mode, work) =>
    new Promise((done, fail) => {
      const request = work(db.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
  if (!db) {
    return { put: async (id, value) => memory.set(id, value), remove: async (id) => memory.delete(id), all: async () => [...memory] };
  }
  return {
    put: (id, value) => doing("readwrite", (store) => store.put(value, id)).catch(() => memory.set(id, value)),
    remove: (id) => doing("readwrite", (store) => store.delete(id)).catch(() => memory.delete(id)),
    async all() {
      const [ids, values] = await Promise.all([doing("readonly", (store) => store.getAllKeys()), doing("readonly", (store) => store.getAll())]);
      const kept = ids.map((id, nth) => [id, values[nth]]).filter(([, value]) => Date.now() - value.at < OLD);
      return kept.sort((one, other) => one[1].at - other[1].at);
    },
  };
}

function opened() {
  return new Promise((done, fail) => {
    const request = indexedDB.open("gridcase-report", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}
