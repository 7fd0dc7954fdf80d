// The report form: what is written is kept on the device until it is sent, and is sent as one report however often one taps.
import { announce, el, own, Problem, service, t } from "/static/core.js";
import { draft as kept, drop, photoStore, save } from "/static/report-draft.js";
import { fault, faults, placeOf, state, toFirstFault } from "/static/report-faults.js";
import { guessing } from "/static/report-guess.js";
import { photos as album } from "/static/report-photos.js";
import { places } from "/static/report-place.js";
import { sent } from "/static/report-sent.js";
import { digits, keep, pretty } from "/static/public-mine.js";

const $ = (id) => document.getElementById(id);
const form = $("report");
const FIELDS = ["text", "address", "phone", "email", "name"];
let draft = kept();
let sending = false;

const photos = album($("photos"), { store: await photoStore(), onChange: () => draft && changed(), onFault: (said) => fault("media", said) });
const place = places({
  box: $("map"), told: $("placed"), here: $("here"), onMap: $("on-map"),
  onPlace(location) { draft.location = location; fault("place", ""); changed(); },
  onFault: (said) => fault("place", said),
});
const guess = guessing({
  guess: $("guess"), similar: $("similar"), danger: $("danger"),
  onCategory(code) { draft.category = code; changed(); },
  onSame: (one) => same(one.number),
});

// -- what is written

function changed() {
  save(draft);
  $("discard").hidden = !(draft.text || draft.address || draft.location || photos.count());
  guess.ask(() => draft);
}

for (const name of FIELDS) {
  $(name).value = draft[name];
  $(name).addEventListener("input", () => {
    draft[name] = $(name).value;
    fault(placeOf(name), "");
    changed();
  });
}
if (draft.phone || draft.email || draft.name) $("contact").open = true;

for (const input of [$("camera"), $("files")]) {
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    fault("media", "");
    await photos.add(files);
  });
}

// Says that this report is about the same as a case that is there; null takes it back.
function same(number) {
  draft.same = number ? digits(number) : null;
  const box = $("same");
  box.hidden = !draft.same;
  if (draft.same) {
    const link = el("a", { href: `/public/${draft.same}`, target: "_blank", rel: "noopener", class: "number" }, pretty(draft.same));
    const off = el("button", { type: "button", class: "button quiet", onclick: () => { guess.no.add(draft.same); same(null); changed(); } }, t("No, it is another"));
    box.replaceChildren(el("span", { class: "grow" }, t("You report the same as case"), " ", link), off);
  }
  save(draft);
}

$("discard").addEventListener("click", () => {
  drop();
  photos.clear();
  location.assign("/report");
});

// -- sending

function missing() {
  const silent = !draft.text.trim();
  const nowhere = !draft.location && !draft.address.trim() && !draft.same;
  if (silent) fault("text", t("Say in a few words what is the matter."));
  if (nowhere) fault("place", t("Say where it is: by position, on the map, or in words."));
  return silent || nowhere;
}

function body() {
  const contact = Object.fromEntries(["phone", "email", "name"].map((name) => [name, draft[name].trim()]).filter(([, value]) => value));
  return {
    text: draft.text.trim(),
    channel: "web",
    media: photos.names(),
    ...(draft.location && { location: draft.location }),
    ...(draft.address.trim() && { address: draft.address.trim() }),
    ...(draft.category && { category: draft.category }),
    ...(draft.same && { same_as: draft.same }),
    ...(Object.keys(contact).length && { contact }),
  };
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (sending) return;
  if (!draft.outgoing && missing()) return toFirstFault();
  sending = true;
  $("send").disabled = true;
  try {
    await send();
  } finally {
    sending = false;
    $("send").disabled = false;
  }
});

async function send() {
  if (!navigator.onLine) return state(t("There is no connection. Your report is kept on this device; send it when there is one."), "waits");
  state(photos.waiting() ? t("The photos are being sent …") : t("Being sent …"));
  if (!draft.outgoing) {
    if (!(await photos.ready())) return state(t("A photo could not be sent. Try again, or remove it."), "bad");
    draft.outgoing = body(); // from now on the same words are sent under the same id, so that it is one report
    save(draft);
  }
  try {
    const receipt = await service("intake", "/reports", { method: "POST", body: draft.outgoing, id: draft.id });
    done(receipt);
  } catch (problem) {
    refused(problem);
  }
}

function refused(problem) {
  if (!(problem instanceof Problem)) throw problem;
  if (problem.status === 0 || problem.status >= 500) {
    lock(true); // it may have arrived: another wording would be another report
    return state(t("It is not certain that it arrived. Send it again: it counts once. It is kept on this device until then."), "waits");
  }
  if (problem.status !== 429) draft.outgoing = null;
  lock(false);
  save(draft);
  faults(problem);
}

function lock(locked) {
  for (const part of form.querySelectorAll("input, textarea, select, button")) if (part.id !== "send") part.disabled = locked;
}

async function done(receipt) {
  const reported = draft;
  keep(receipt.number, { key: receipt.key, at: Date.now(), words: reported.text.trim().slice(0, 80) });
  guess.stop();
  draft = null;
  drop();
  photos.clear();
  sent($("sent"), receipt, reported);
  form.hidden = true;
}

// -- at the beginning

const asked = new URLSearchParams(location.search).get("same");
if (asked || draft.same) {
  same(asked || draft.same);
  if (asked) own(`/public/cases/${digits(asked)}.json`).catch((problem) => { if (problem.status) same(null); });
}
place.set(draft.location);
if (draft.outgoing) {
  lock(true);
  state(t("It is not certain that it arrived. Send it again: it counts once. It is kept on this device until then."), "waits");
}
await photos.restore();
if (draft.text || draft.address || photos.count()) announce(t("What you wrote before was kept on this device."));
changed();
addEventListener("online", () => { if (!$("state").hidden) state(t("The connection is back. Send it now."), "waits"); });
form.dataset.ready = "";
