// Where a phone keeps what it must not lose: entries of the outbox with their photos, drafts, and the last list, in IndexedDB.

const NAME = "gridcase-tasks";
const STORES = { entries: { keyPath: "seq", autoIncrement: true }, photos: { keyPath: "id" }, kept: {} };
let opened = null;

function open() {
  opened ||= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => { for (const [name, options] of Object.entries(STORES)) asked.result.createObjectStore(name, options); };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

const result = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

// Runs `work` on some stores in one transaction; all of it is kept, on the disk, or nothing.
async function within(names, mode, work) {
  const turn = (await open()).transaction(names, mode, { durability: "strict" });
  const finished = new Promise((resolve, reject) => {
    turn.oncomplete = resolve;
    turn.onabort = turn.onerror = () => reject(turn.error);
  });
  const value = await work(...names.map((name) => turn.objectStore(name)));
  await finished;
  return value;
}

// Puts entries that are still there: what somebody threw away meanwhile does not come back.
async function put(entries, some) {
  for (const entry of some) if (await result(entries.get(entry.seq))) entries.put(entry);
}

const ids = async (entries, wanted) => (await result(entries.getAll())).filter((one) => wanted.includes(one.id)).map((one) => one.seq);

export const store = {
  add: (some, photos) => within(["entries", "photos"], "readwrite", (entries, pictures) => {
    for (const photo of photos) pictures.put(photo);
    for (const entry of some) entries.add(entry);
  }),
  all: (by) => within(["entries"], "readonly", async (entries) => (await result(entries.getAll())).filter((one) => one.by === by)),
  accounts: () => within(["entries"], "readonly", async (entries) => new Set((await result(entries.getAll())).map((one) => one.by))),
  save: (some, without = []) => within(["entries", "photos"], "readwrite", async (entries, pictures) => {
    await put(entries, some);
    for (const id of without) pictures.delete(id);
  }),
  remove: (gone, without) => within(["entries", "photos"], "readwrite", async (entries, pictures) => {
    for (const seq of await ids(entries, gone)) entries.delete(seq);
    for (const id of without) pictures.delete(id);
  }),
  photo: (id) => within(["photos"], "readonly", async (pictures) => (await result(pictures.get(id)))?.blob),
};

// What is kept under a name: the last list, drafts, words of the city.
export const kept = {
  get: (name) => within(["kept"], "readonly", (all) => result(all.get(name))),
  put: (name, value) => within(["kept"], "readwrite", (all) => { all.put(value, name); }),
  // Forgets all names that begin so.
  forget: (start) => within(["kept"], "readwrite", (all) => { all.delete(IDBKeyRange.bound(start, `${start}\uffff`)); }),
};
