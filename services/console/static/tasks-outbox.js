// What was done and is still to be said: each entry is said once, in order for each case, whatever is interrupted.
//
// An entry is kept before anything is sent, with the key under which it is sent: said again under the same key with the same body, it
// takes effect once. The name of a photo is kept before it is used, so the body stays the same. Nothing here knows the browser: `store`
// keeps, `send` speaks (and throws what has a `status`; 0: nobody answered), `wall` is the phone's clock in milliseconds.

const LATE_MS = 4000; // what goes out later carries its true time
const LONGEST_PAUSE_S = 300;
const KEPT_MS = 12 * 3600_000; // for which the list shows what was sent
const KEPT = 30;

// Returns what must stay in order: entries about one case, also before the case has its id.
export const lane = (entry) => entry.case ?? entry.of ?? entry.id;

// Returns what to make of a refusal: "away", "signed-out", "later" (say it again), "rename" (the photos are not known any more),
// "untimed" (our clock is ahead), or "refused", which a person must look at.
export function verdict(problem, entry) {
  const { status = 0, errors = [] } = problem;
  if (status === 0) return "away";
  if (status === 401) return "signed-out";
  if ([202, 408, 425, 429].includes(status) || status >= 500) return "later";
  if (status === 409 && entry.patient && problem.case?.status === "reported") return "later"; // it is not yet known what it is
  if (status === 422 && !entry.renamed && errors.some((one) => one.field.startsWith("media")) && entry.photos.length) return "rename";
  if (status === 422 && !entry.untimed && errors.some((one) => one.field === "at")) return "untimed";
  return "refused";
}

// Returns the entry to send next: the first of a lane whose time has come, if nothing before it in its lane was refused.
export function first(entries, stopped, at) {
  const closed = new Set(stopped);
  for (const entry of entries) {
    if (entry.state === "sent" || closed.has(lane(entry))) continue;
    if (entry.state === "waiting" && (entry.next ?? 0) <= at) return entry;
    closed.add(lane(entry));
  }
  return null;
}

export const bodyOf = (entry) => (entry.photos.length ? { ...entry.body, media: entry.photos.map((photo) => photo.name) } : entry.body);

export function outbox({ store, send, wall }) {
  // Sends all that may be sent; returns "away", "signed-out", or "rest". `force` does not wait for the time of an entry.
  async function flush(by, { force = false } = {}) {
    const stopped = new Set();
    for (;;) {
      const entry = first(await store.all(by), stopped, force ? Infinity : wall());
      if (!entry) return "rest";
      const became = await attempt(entry);
      if (became === "away" || became === "signed-out") return became;
      if (became === "later" || became === "refused") stopped.add(lane(entry));
    }
  }

  async function attempt(entry) {
    let current = entry;
    try {
      current = await named(entry);
      const told = await send.act(current, bodyOf(current), { late: wall() - entry.pressed > LATE_MS && !entry.untimed });
      await done(current, told);
      return "sent";
    } catch (problem) {
      if (problem.status === undefined) throw problem; // not an answer: a fault of ours, or of the store
      return after(current, problem);
    }
  }

  // Uploads the photos that have no name yet; keeps each name before it is used.
  async function named(entry) {
    let current = entry;
    for (const [place, photo] of entry.photos.entries()) {
      if (photo.name) continue;
      const name = await send.photo(await store.photo(photo.id), current);
      current = { ...current, photos: current.photos.with(place, { ...photo, name }) };
      await store.save([current]);
    }
    return current;
  }

  // Keeps that the entry was sent; what came of a report names the case for what follows it.
  async function done(entry, told) {
    const { id, seq, by, what, at, pressed, of } = entry;
    const known = { case: told.case_id ?? told.id ?? entry.case, number: told.number ?? entry.number ?? null };
    const sent = { id, seq, by, what, at, pressed, of, ...known, version: told.version ?? 0, photos: [], state: "sent", sent: wall() };
    const following = (await store.all(by)).filter((one) => one.of === id && one.state !== "sent").map((one) => ({ ...one, ...known }));
    await store.save([sent, ...following], entry.photos.map((photo) => photo.id));
  }

  async function after(entry, problem) {
    const became = verdict(problem, entry);
    const error = { status: problem.status, detail: problem.message, errors: problem.errors ?? [] };
    const tries = (entry.tries ?? 0) + 1;
    const pause = Math.max(problem.retryAfter ?? 0, Math.min(LONGEST_PAUSE_S, 2 ** tries));
    if (became === "later") await store.save([{ ...entry, tries, next: wall() + pause * 1000, error }]);
    if (became === "refused") await store.save([{ ...entry, state: "refused", error }]);
    if (became === "rename") await store.save([{ ...entry, renamed: true, photos: entry.photos.map(({ id }) => ({ id, name: null })) }]);
    if (became === "untimed") await store.save([{ ...entry, untimed: true }]);
    return became;
  }

  const of = async (by, id) => (await store.all(by)).find((one) => one.id === id);

  return {
    flush,
    add: (entries, photos = []) => store.add(entries.map((entry) => ({ state: "waiting", photos: [], ...entry })), photos),
    async again(by, id) {
      const entry = await of(by, id);
      if (entry?.state === "refused") await store.save([{ ...entry, state: "waiting", next: 0, tries: 0, renamed: false }]);
      else if (entry?.state === "waiting") await store.save([{ ...entry, next: 0 }]);
    },
    // Lets what was refused go as something else: under a key of its own, at its place in the order, with its photos.
    async instead(by, id, change) {
      const entry = await of(by, id);
      if (entry?.state === "refused") await store.save([{ ...entry, error: null, tries: 0, next: 0, state: "waiting", ...change }]);
    },
    // Throws an entry away, and what was to follow a report that nobody will know of.
    async drop(by, id) {
      const all = await store.all(by);
      const gone = all.filter((one) => one.id === id || (one.of === id && !one.case));
      await store.remove(gone.map((one) => one.id), gone.flatMap((one) => one.photos.map((photo) => photo.id)));
    },
    // Takes note of what the service shows: what was sent and is shown need not be laid over it any more. `versions` of cases by id.
    async settle(by, versions, asked) {
      const all = (await store.all(by)).filter((one) => one.state === "sent");
      const shown = (one) => one.sent < asked && !((versions.get(one.case) ?? Infinity) < one.version);
      await store.save(all.filter((one) => !one.settled && shown(one)).map((one) => ({ ...one, settled: true })));
      const old = all.filter((one, place) => one.settled && (wall() - one.sent > KEPT_MS || place < all.length - KEPT));
      await store.remove(old.map((one) => one.id), []);
    },
  };
}
