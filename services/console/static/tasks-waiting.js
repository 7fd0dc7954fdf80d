// What waits to be sent, what was refused and what can be done about it, and what has been sent.
import { announce, el, short, t, timeTag } from "/static/core.js";
import { PICTURE } from "/static/tasks-acts.js";
import { asked } from "/static/tasks-form.js";
import { again, drop, entries, instead, state } from "/static/tasks-sending.js";
import { store } from "/static/tasks-store.js";
import { called, wrote } from "/static/tasks-words.js";

// Returns a list of entries, each with what can be done about it.
export const waitingList = (some, { named = false } = {}) => el(
  "ul", { class: "entries" }, some.map((entry) => el(
    "li", { class: `entry ${entry.state}`, "data-what": entry.what }, shown(entry, named),
  )),
);

function shown(entry, named) {
  const head = el(
    "p", { class: "row" },
    el("strong", { class: "grow" }, called(entry), named && entry.number ? el("span", { class: "soft number" }, ` ${entry.number}`) : null),
    timeTag(entry.at, short),
  );
  const words = wrote(entry) ? el("p", { class: "said" }, wrote(entry)) : null;
  const photos = entry.photos.length ? el("p", { class: "soft" }, t("Photos: {n}", { n: entry.photos.length })) : null;
  return [
    head, words, photos,
    entry.state === "sent" ? el("p", { class: "soft" }, t("Sent")) : entry.state === "refused" ? refused(entry) : waits(entry),
  ];
}

const waits = (entry) => el(
  "p", { class: "mark waits" },
  entry.error?.detail ? t("Waits to be sent. Last answer: {answer}", { answer: entry.error.detail }) : t("Waits to be sent"),
);

function refused(entry) {
  const why = [entry.error.detail, ...entry.error.errors.map((one) => one.message)].filter(Boolean).join(" ") || t("It was refused.");
  const beyond = entry.error.status === 403 || entry.error.status === 404; // somebody else has the case: a note would be refused as well
  const button = (label, onclick, kind = "") => el("button", { type: "button", class: `button large ${kind}`, onclick }, label);
  return el("div", { class: "refusal" },
    beyond ? el("p", {}, el("strong", {}, t("This case is not with you any more."))) : null,
    el("p", { class: beyond ? "soft" : "" }, el("strong", {}, t("The service refused this:")), " ", why),
    el("p", { class: "soft" }, t("It is kept here until you decide. What comes after it in this case waits.")),
    el(
      "div", { class: "row" }, button(t("Try again"), () => again(entry.id)),
      beyond ? button(
        t("Hand it on otherwise"), () => handOn(entry),
      ) : entry.case && entry.what !== "note" ? button(t("Send it as a note"), () => asNote(entry)) : null,
      button(t("Throw away"), () => thrown(entry), "danger"),
    ));
}

// Lets the words and photos of what was refused stay with the case.
async function asNote(entry) {
  const text = [called(entry), wrote(entry)].filter(Boolean).join(": ") || PICTURE;
  await instead(entry.id, { what: "note", service: "dispatch", path: "/cases/{case}/notes", body: { text }, timed: true, patient: false });
}

// Hands words and photos to another program of the phone, or at least the words to its clipboard: so they reach who has the case now.
async function handOn(entry) {
  const text = [entry.number, called(entry), wrote(entry)].filter(Boolean).join(" · ");
  const files = await Promise.all(entry.photos.map(async ({ id }, place) => new File(
    [await store.photo(id)], `${place + 1}.jpg`, { type: "image/jpeg" },
  )));
  const parcel = navigator.canShare?.({ text, files }) ? { text, files } : { text };
  try {
    if (navigator.share) return await navigator.share(parcel);
    await navigator.clipboard.writeText(text);
    announce(t("The words are copied."), "good");
  } catch (gone) {
    if (gone.name !== "AbortError") announce(t("It could not be handed on."), "bad");
  }
  return undefined;
}

async function thrown(entry) {
  const sure = await asked({ title: t("Throw it away?"), note: t("What you wrote and the photos with it are lost then."), asks: [], label: t("Throw away"), danger: true });
  if (sure) await drop(entry.id);
}

// Shows everything that waits and was sent.
export async function showWaiting(box, back, flush) {
  const all = await entries();
  const open = all.filter((one) => one.state !== "sent");
  const sent = all.filter((one) => one.state === "sent").reverse();
  const now = async () => { await flush(true); if (state.became === "away") announce(t("There is still no connection."), "bad"); };
  box.dataset.id = "waiting";
  box.replaceChildren(
    el(
      "header", { class: "case-head" },
      el("button", { type: "button", class: "back", "aria-label": t("Back to the list"), onclick: back }, "‹"),
      el("h2", { class: "grow", id: "case-title", tabindex: -1 }, t("To be sent")),
    ),
    el("div", { class: "case-body" },
      open.length ? waitingList(open, { named: true }) : el("p", { class: "empty" }, t("Nothing waits to be sent.")),
      sent.length ? el("h3", {}, t("Sent lately")) : null, sent.length ? waitingList(sent, { named: true }) : null),
    el(
      "div", { class: "bar" },
      el("button", { type: "button", class: "button large primary grow", disabled: !open.length, onclick: now }, t("Try to send now")),
    ));
}
