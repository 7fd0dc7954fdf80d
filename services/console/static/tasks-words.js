// How errands are worded: what they are, where, until when; what entries of the outbox are called.
import { el, exact, lang, lasting, now, short, t } from "/static/core.js";

export const both = (words) => words?.[lang] ?? "";

const DUE = {
  answer: () => t("To answer"), verify: () => t("To look"), respond: () => t("To take on"), dispatch: () => t("To be assigned"),
  resolve: () => t("To finish"), check: () => t("To check"), look: () => t("To look again"),
};

// Returns how much of the time is left, as a class of `.due`.
export function pressing({ due, status }) {
  if (!due || status === "paused") return "stands";
  const at = now();
  if (at > due.at) return "over";
  if (due.most !== null && at > due.most) return "hot";
  return due.half !== null && at > due.half ? "warm" : "calm";
}

// Returns the element that tells what is due by when, and how long that is from now.
export function dueTag(errand) {
  const { due, status } = errand;
  if (!due) return el("span", { class: "due stands" }, t("No deadline"));
  const left = (at) => (at < now() ? t("{time} over", { time: lasting(now() - at) }) : t("{time} left", { time: lasting(at - now()) }));
  const how = status === "paused" ? () => t("Paused until {time}", { time: short(due.at) }) : (at) => `${DUE[due.what]()} · ${left(at)}`;
  const time = el("time", { datetime: new Date(due.at * 1000).toISOString(), title: exact(due.at) }, how(due.at));
  time.how = how;
  return el("span", { class: `due ${pressing(errand)}` }, time);
}

const STATUS = {
  reported: () => t("To be looked at"), triaged: () => t("With nobody"), assigned: () => t("Offered to you"), accepted: () => t("Accepted"), working: () => t("In work"),
  paused: () => t("Paused"), completed: () => t("Done, to be checked"), gone: () => t("No task of yours any more"),
};

// Returns where the errand stands, in words for the one who has it.
export function standing({ kind, status, on_way }) {
  if (status === "gone") return STATUS.gone();
  if (kind === "told") return t("You are told of it");
  if (kind === "check") return t("Result to be checked");
  return status === "accepted" && on_way ? t("On my way") : STATUS[status]?.() ?? status;
}

export const titleOf = (errand) => (errand.confidential && !errand.category ? t("Confidential case") : both(errand.category) || t("Not yet classified"));

export const placeOf = (errand) => errand.address || both(errand.grid) || (errand.location ? t("Place on the map") : t("No place given"));

const DONE = {
  acceptance: () => t("Accept"), refusal: () => t("Refuse"), on_way: () => t("On my way"), start: () => t("Start work"), pause: () => t("Pause"), resume: () => t("Go on with it"),
  contact: () => t("I spoke with the resident"), completion: () => t("Work done"), record: () => t("I have handled it already"), return: () => t("Give it back"), appeal: () => t("Appeal"),
  explanation: () => t("Explain the delay"), note: () => t("Photo or note"), confirmation: () => t("It is so"), rejection: () => t("It is not so"), verification: () => t("It is well done"),
  rework: () => t("Not done yet"), report: () => t("Report of an emergency"),
};
export const called = (entry) => DONE[entry.what]();

// Returns the words that somebody wrote in an entry.
export const wrote = ({ body }) => body?.text ?? body?.outcome ?? body?.reason ?? "";
