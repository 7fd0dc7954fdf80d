// What somebody in the field can do about an errand as it stands, and what each act says to which service.
import { t } from "/static/core.js";

const dispatch = (step) => ({ service: "dispatch", path: `/cases/{case}/${step}` });
const triage = (step) => ({ service: "triage", path: `/cases/{case}/${step}` });
const closure = (step) => ({ service: "closure", path: `/cases/{case}/${step}` });
const reason = (hint, hints = []) => ({ field: "reason", kind: "words", label: t("In your words"), hint, hints });
const photos = (label = t("Photos")) => ({ field: "media", kind: "photos", label });

// Returns all acts by name. An act without `asks` is done by one touch. `kept` is what the last list brought: what there is to choose from.
export function acts(errand, kit) {
  const words = (both) => both?.[document.documentElement.lang.slice(0, 2)] ?? "";
  const heard = errand.language === "en" ? "en" : "zh"; // the resident reads the outcome
  return {
    acceptance: { ...dispatch("acceptance"), label: t("Accept"), main: true },
    refusal: { ...dispatch("refusal"), label: t("Refuse"), danger: true, asks: [reason(
      t("Why you cannot take it"), [t("Not in my area"), t("Too far away"), t("Somebody else is nearer"), t("No tools for it here")],
    )] },
    on_way: { ...dispatch("notes"), label: t("On my way"), body: { text: kit.on_way } },
    start: { ...dispatch("start"), label: t("Start work"), main: true },
    pause: { ...dispatch("pause"), label: t("Pause"), asks: pausing(kit, words) },
    resume: { ...dispatch("resume"), label: t("Go on with it"), main: true },
    contact: { ...dispatch("contact"), label: t("I spoke with the resident"), asks: [
      { field: "how", kind: "choice", label: t("How you spoke"), choices: [
        ["phone", t("By telephone")], ["visit", t("Face to face")], ["chat", t("In the chat group")],
      ] },
      { field: "text", kind: "words", label: t("What was said"), hints: [t("Nobody answered"), t("An appointment was made")] },
    ] },
    completion: { ...dispatch("completion"), label: t("Work done"), main: true, note: demanded(errand), asks: [
      { field: "outcome", kind: "words", label: t("What was done"), hint: t("The resident reads this."), hints: errand.outcome ? [errand.outcome[heard]] : [] },
      { ...photos(t("Photos of the result")), least: errand.demands.photo ? 1 : 0 },
    ] },
    record: { ...dispatch("record"), label: t("I have handled it already"), patient: true, untimed: true, asks: handled(errand) },
    return: { ...dispatch("return"), label: t("Give it back"), danger: true, asks: [reason(t("Why it is not yours to handle"))] },
    appeal: { ...dispatch("appeal"), label: t("Appeal"), asks: [reason(t("Why somebody else is responsible"))] },
    explanation: { ...dispatch("explanation"), label: t("Explain the delay"), asks: [{ field: "text", kind: "words", label: t("Why it takes so long") }] },
    note: { ...dispatch("notes"), label: t("Photo or note"), asks: [
      { ...photos(), first: true }, { field: "text", kind: "words", label: t("Note for colleagues"), instead: PICTURE },
    ] },
    confirmation: { ...triage("confirmation"), label: t("It is so"), main: true, pictured: true, asks: [
      reason(t("What you saw"), [t("It is as it was reported")]), photos(),
    ] },
    rejection: { ...triage("rejection"), label: t("It is not so"), danger: true, pictured: true, asks: [
      reason(t("What you saw; whoever reported it reads this"), [t("There is nothing to be seen there")]), photos(),
    ] },
    verification: { ...closure("verification"), label: t("It is well done"), main: true, pictured: true, asks: [
      reason(t("What you saw"), [t("Looked at on site, done")]), photos(),
    ] },
    rework: { ...closure("rework"), label: t("Not done yet"), danger: true, pictured: true, asks: [
      reason(t("What is missing; the handler reads this")), photos(),
    ] },
  };
}

// The words of a note that is only a photo, in both languages: colleagues read either.
export const PICTURE = "Photo from the place / 现场照片";

export const handled = (errand) => [
  { field: "outcome", kind: "words", label: t("What was done"), hint: t("The resident reads this.") },
  { ...photos(t("Photos of the result")), least: errand?.demands?.photo ? 1 : 0 },
  { field: "started_at", kind: "time", label: t("Begun at"), ago: 1800 },
  { field: "completed_at", kind: "time", label: t("Done at"), ago: 0 },
];

function pausing(kit, words) {
  const reasons = Object.entries(kit.pause_reasons).map(([key, name]) => [key, words(name)]);
  const able = kit.approvers.map((post) => [post.id, words(post.title) + (post.on_duty ? "" : ` (${t("off duty")})`)]);
  return [
    { field: "reason", kind: "choice", label: t("Why the clock should stand still"), choices: reasons },
    { field: "approved_by", kind: "select", label: t("Approved by"), choices: able },
    { field: "look_again_at", kind: "time", label: t("To be looked at again"), ahead: kit.look_again_days * 86400, optional: true },
  ];
}

// Returns what the type of the case asks for before it is closed, in one sentence; empty if nothing.
export function demanded(errand) {
  const { photo, check, word } = errand.demands;
  return [
    photo && t("A photo of the result is needed."), check && t("Somebody else checks the result."),
    word && t("The resident is asked whether it is solved."),
  ].filter(Boolean).join(" ");
}

// Returns the names of the acts that fit: at most two for the bar, and the others.
export function fitting(errand) {
  const { kind, status, insisted, appealed, awaits, on_way, grade } = errand;
  const away = insisted ? (appealed ? [] : ["appeal"]) : null;
  const late = awaits ? ["explanation"] : [];
  const first = grade === "emergency" ? ["record"] : [];
  if (status === "gone") return { bar: [], more: [] };
  if (kind === "told") return { bar: ["note"], more: first };
  if (kind === "look") return { bar: ["rejection", "confirmation"], more: ["note", "contact"] };
  if (kind === "check") return status === "completed" ? { bar: ["rework", "verification"], more: ["note"] } : { bar: [], more: ["note"] };
  if (status === "assigned") return { bar: away ? ["acceptance"] : ["refusal", "acceptance"], more: [
    ...first, "contact", "note", ...(away ?? []), ...late,
  ] };
  if (status === "accepted") return { bar: on_way ? ["note", "start"] : ["on_way", "start"], more: [
    "completion", "contact", ...(on_way ? [] : ["note"]), "pause", ...late, ...(away ?? ["return"]),
  ] };
  if (status === "working") return { bar: ["note", "completion"], more: ["contact", "pause", ...late, ...(away ?? ["return"])] };
  if (status === "paused") return { bar: ["note", "resume"], more: ["contact", ...(away ?? [])] };
  return { bar: [], more: ["note"] };
}
