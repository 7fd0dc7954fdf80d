// Lets an outbox live through many short lives: connections that break before or after the service has heard, a browser that is killed
// between any two steps, refusals. Returns what came out wrong. A service of the test hears each key once, and so does ours.
async (seed) => {
  const { outbox, lane } = await import("/static/tasks-outbox.js");
  class Killed extends Error {}
  let dice = seed;
  const roll = () => { // mulberry32
    dice = (dice + 0x6d2b79f5) | 0;
    let z = Math.imul(dice ^ (dice >>> 15), 1 | dice);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
  };
  const chance = (share) => roll() < share;
  const wrong = [];
  let calm = false; // at the end nothing is interrupted any more
  let time = 1_000_000;

  // -- the phone: every step may be its last, before or after what it does
  const disk = { entries: new Map(), photos: new Map(), seq: 0 };
  async function step(work) {
    await null;
    if (!calm && chance(0.03)) throw new Killed();
    const value = structuredClone(work());
    if (!calm && chance(0.03)) throw new Killed();
    return value;
  }
  const kept = () => [...disk.entries.values()].sort((a, b) => a.seq - b.seq);
  const store = {
    add: (some, photos) => step(() => { for (const one of some) { disk.seq += 1; disk.entries.set(disk.seq, structuredClone({ ...one, seq: disk.seq })); } for (const one of photos) disk.photos.set(one.id, one.blob); }),
    all: (by) => step(() => kept().filter((one) => one.by === by)),
    save: (some, without = []) => step(() => { for (const one of some) if (disk.entries.has(one.seq)) disk.entries.set(one.seq, structuredClone(one)); for (const id of without) disk.photos.delete(id); }),
    remove: (ids, without) => step(() => { for (const one of kept()) if (ids.includes(one.id)) disk.entries.delete(one.seq); for (const id of without) disk.photos.delete(id); }),
    photo: (id) => step(() => disk.photos.get(id)),
  };

  // -- the service: a key takes effect once
  const heard = new Map();
  const effects = [];
  const names = new Set();
  let taken = 0;
  const fails = (status) => Object.assign(new Error("no"), { status, errors: [] });
  function breaks() {
    if (calm) return;
    if (chance(0.1)) throw fails(0);
    if (chance(0.05)) throw fails(503);
    if (chance(0.03)) throw fails(401);
    if (chance(0.03)) throw new Killed();
  }
  const send = {
    async photo(blob) {
      breaks();
      if (!blob) wrong.push("a photo was gone before it was sent");
      taken += 1;
      const name = `photo-${taken}`;
      names.add(name);
      breaks();
      return name;
    },
    async act(entry, body) {
      breaks();
      if (entry.poison) throw fails(409);
      if (!calm && !heard.has(entry.id) && body.media && chance(0.1)) for (const name of body.media) names.delete(name); // tidied away: no case refers to it
      if (!heard.has(entry.id) && body.media?.some((name) => !names.has(name))) throw Object.assign(fails(422), { errors: [{ field: "media.0" }] });
      const said = JSON.stringify([entry.case, body]);
      if (heard.has(entry.id) && heard.get(entry.id) !== said) wrong.push(`another body under the key ${entry.id}: ${said} after ${heard.get(entry.id)}`);
      if (!heard.has(entry.id)) { heard.set(entry.id, said); effects.push({ ...entry, body }); }
      breaks();
      return entry.what === "report" ? { case_id: `case-of-${entry.id}`, number: "1" } : { id: entry.case, version: effects.length };
    },
  };

  // -- a day of work
  let box = outbox({ store, send, wall: () => time });
  let count = 0;
  const fresh = (what, of) => {
    const photos = chance(0.4) ? [{ id: `p${count}`, name: null }] : [];
    count += 1;
    return { id: `k${count}`, by: "me", what, case: what === "report" || of ? null : `case-${Math.floor(roll() * 3)}`, of, body: { text: `${count}` }, photos, poison: chance(0.08), pressed: time, at: time / 1000 };
  };
  const blobs = (some) => some.flatMap((one) => one.photos.map(({ id }) => ({ id, blob: `picture ${id}` })));
  const dropped = new Set();
  async function live(work) {
    try { return await work(); } catch (error) {
      if (!(error instanceof Killed)) throw error;
      box = outbox({ store, send, wall: () => time }); // opened again
      return null;
    }
  }
  async function decide() {
    for (const one of kept().filter((entry) => entry.state === "refused")) {
      const choice = roll();
      if (choice < 0.3) { const gone = kept().filter((entry) => entry.id === one.id || (entry.of === one.id && !entry.case)); await live(() => box.drop("me", one.id)); for (const entry of gone) if (!disk.entries.has(entry.seq)) dropped.add(entry.seq); }
      else if (choice < 0.6 && one.case) { count += 1; await live(() => box.instead("me", one.id, { id: `k${count}`, what: "note", poison: false })); }
      else { disk.entries.set(one.seq, { ...disk.entries.get(one.seq), poison: false }); await live(() => box.again("me", one.id)); }
    }
  }
  for (let turn = 0; turn < 30; turn += 1) {
    time += 60_000 * roll() * 3;
    const report = chance(0.15) ? fresh("report") : null;
    const some = report ? [report, fresh("record", report.id)] : [fresh("start")];
    await Promise.all([live(() => box.flush("me", { force: chance(0.5) })), chance(0.7) ? live(() => box.add(some, blobs(some))) : null]);
    if (chance(0.3)) await decide();
    if (chance(0.2)) await live(() => box.settle("me", new Map(), time));
  }
  calm = true;
  for (let turn = 0; turn < 200 && kept().some((one) => one.state !== "sent"); turn += 1) { time += 3600_000; await decide(); for (const one of kept()) if (one.state !== "sent") disk.entries.set(one.seq, { ...one, poison: false }); await box.flush("me", { force: true }); }

  // -- what must be true
  const all = new Set([...Array(disk.seq).keys()].map((seq) => seq + 1).filter((seq) => !dropped.has(seq)));
  const seqs = effects.map((one) => one.seq);
  if (kept().some((one) => one.state !== "sent")) wrong.push("something is not sent in the end");
  for (const seq of all) if (seqs.filter((one) => one === seq).length !== 1) wrong.push(`entry ${seq} took effect ${seqs.filter((one) => one === seq).length} times`);
  for (const seq of dropped) if (seqs.includes(seq)) wrong.push(`entry ${seq} was thrown away and took effect`);
  const last = new Map();
  for (const one of effects) { if ((last.get(lane(one)) ?? 0) > one.seq) wrong.push(`entry ${one.seq} overtook one of its case`); last.set(lane(one), one.seq); }
  for (const one of effects) {
    if (one.of && one.case !== `case-of-${one.of}`) wrong.push(`entry ${one.seq} went to ${one.case}`);
    if (!one.of && one.what === "record") wrong.push("a record without its report");
    for (const name of one.body.media ?? []) if (!names.has(name)) wrong.push(`a photo ${name} that nobody uploaded`);
  }
  if (disk.photos.size) wrong.push(`${disk.photos.size} photos stay on the phone`);
  return { wrong, effects: effects.length, turns: all.size };
}
