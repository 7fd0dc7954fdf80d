// Doing something about an errand: ask what must be asked, put it into the outbox, tell that it is kept or sent.
import { announce, t } from "/static/core.js";
import { acts } from "/static/tasks-acts.js";
import { asked } from "/static/tasks-form.js";
import { entries, entry, say } from "/static/tasks-sending.js";

// Does the act of that name.
export async function perform(errand, name, kit) {
  const act = acts(errand, kit)[name];
  if (!act.asks) return finish([entry(errand, name, act, act.body ?? null)], []);
  const draft = errand.confidential ? null : `${errand.id}/${name}`;
  const told = await asked({ title: act.label, note: act.note, asks: inOrder(act.asks), danger: act.danger, draft });
  if (!told) return null;
  await finish(said(errand, name, act, told), told.photos);
  return told.forget();
}

const inOrder = (asks) => [...asks].sort((a, b) => Number(Boolean(b.first)) - Number(Boolean(a.first)));

// Returns the entries that an act is: where a finding cannot carry photos, a note with them goes before it.
function said(errand, name, act, { values, photos }) {
  if (!act.pictured || !photos.length) return [entry(errand, name, act, values, photos)];
  const note = { service: "dispatch", path: "/cases/{case}/notes" };
  return [entry(errand, "note", note, { text: values.reason }, photos), entry(errand, name, act, values)];
}

let before = null;

// Keeps entries, sends them, and says what became of them.
export async function finish(some, photos) {
  await say(some, photos);
  const ids = new Set(some.map((one) => one.id));
  const now = (await entries()).filter((one) => ids.has(one.id));
  const refused = now.find((one) => one.state === "refused");
  before?.remove(); // one word about it is enough
  if (refused) before = announce(refused.error.detail || t("It was refused."), "bad", 10_000);
  else if (now.some((one) => one.state === "waiting")) before = announce(t("Kept on this phone. It is sent as soon as the connection is back."));
  else before = announce(t("Sent."), "good", 2_500);
}
