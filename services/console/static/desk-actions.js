// Everything that may be done with a case from the desk, as one table: when it is offered, to whom, and what the form asks. Pure.
import { m } from "/static/core.js";

const IN_WORK = ["assigned", "accepted", "working", "paused"];
const IN_HAND = ["triaged", ...IN_WORK];
const CLOCKED = IN_HAND.filter((status) => status !== "paused");
const OPEN = ["reported", ...IN_HAND, "completed"];
const REAL = [...OPEN, "closed", "merged", "rejected", "withdrawn"];
const DESK = ["operator", "supervisor"];
const STEERING = ["operator", "supervisor", "unit"];

// The kinds of fields are those of desk-fields.js. `need`: may not be empty.
const reason = (label = m("Reason"), help = "") => ({ name: "reason", kind: "text", label, help, need: true });
const approver = { name: "approved_by", kind: "post", label: m("Approved by"), need: true };
const photos = { name: "media", kind: "photos", label: m("Photos") };
const shown = m("The reporter reads this.");

// at: statuses; roles: of the session; own: only for whoever has the case, `others` only for everybody else; directs: only for posts
// that may assign; when: what else must be so; first: whether it is what the case needs now; many: works on several cases at once.
export const ACTIONS = [
  { id: "classification", key: "c", service: "triage", label: m("Classify"), at: ["reported", ...IN_HAND], roles: DESK, many: true,
    first: (c) => c.status === "reported" || c.waits === "doubt",
    fields: [{ name: "category", kind: "category", label: m("Type"), need: true }, { name: "condition", kind: "condition", label: m("What exactly") },
      { name: "grade", kind: "grade", label: m("Grade") }, { name: "reason", kind: "text", label: m("Reason"), help: m("Needed where the grade becomes lower.") }] },
  { id: "confirmation", key: "y", service: "triage", label: m("Confirm the report"), at: ["reported"], roles: STEERING, first: (c) => c.looks, fields: [reason(m("What was seen"))] },
  { id: "assignment", key: "a", service: "dispatch", label: m("Assign"), at: IN_HAND, roles: STEERING, directs: true, many: true,
    first: (c) => c.status === "triaged" || c.waits === "assign",
    fields: [{ name: "person", kind: "candidate", label: m("To whom"), need: true }, { name: "reason", kind: "text", label: m("Reason"), help: m("Left empty: why this person was proposed.") },
      { name: "force", kind: "yes", label: m("Also if they are off duty") }, { name: "insist", kind: "yes", label: m("Insist: they can only appeal"), when: (c) => c.refusals > 0 }] },
  { id: "acceptance", key: "s", service: "dispatch", label: m("Accept the task"), at: ["assigned"], roles: STEERING, own: true, first: () => true, fields: [] },
  { id: "refusal", key: "q", service: "dispatch", label: m("Refuse the task"), at: ["assigned"], roles: STEERING, own: true, first: () => true, fields: [reason()] },
  { id: "start", key: "s", service: "dispatch", label: m("Start work"), at: ["accepted"], roles: STEERING, own: true, first: () => true, fields: [] },
  { id: "completion", key: "f", service: "dispatch", label: m("Report as done"), at: ["accepted", "working"], roles: STEERING, own: true, first: () => true,
    fields: [{ name: "outcome", kind: "text", label: m("What was done"), help: shown, need: true }, photos] },
  { id: "pause", key: "h", service: "dispatch", label: m("Pause"), at: ["accepted", "working"], roles: STEERING, own: true,
    fields: [{ name: "reason", kind: "pause", label: m("Reason"), need: true }, approver, { name: "look_again_at", kind: "time", label: m("Look again at"), help: m("Left empty: as usual in this city.") }] },
  { id: "return", key: "q", service: "dispatch", label: m("Give back"), at: ["accepted", "working"], roles: STEERING, own: true, fields: [reason()] },
  { id: "appeal", service: "dispatch", label: m("Appeal"), at: IN_WORK, roles: STEERING, own: true, when: (c) => c.insisted, first: () => true, fields: [reason()] },
  { id: "resume", key: "u", service: "dispatch", label: m("Let work go on"), at: ["paused"], roles: STEERING, many: true, first: () => true, fields: [] },
  { id: "ruling", key: "l", service: "dispatch", label: m("Decide the appeal"), at: [...IN_HAND, "completed"], roles: ["supervisor"], when: (c) => c.waits === "ruling" || !c.open, first: (c) => c.waits === "ruling",
    fields: [{ name: "upheld", kind: "choice", label: m("Decision"), need: true, of: [[false, m("Dismissed: they keep the case")], [true, m("Upheld: another unit takes over")]] },
      { name: "department", kind: "unit", label: m("Which unit instead"), help: m("Only where the appeal is upheld.") }, reason()] },
  { id: "verification", key: "v", service: "closure", label: m("Confirm the result"), at: ["completed"], roles: STEERING, others: true, many: true, when: (c) => !c.verified, first: () => true, fields: [reason(m("What was seen"))] },
  { id: "rework", key: "w", service: "closure", label: m("Back to work"), at: ["completed"], roles: STEERING, others: true, first: (c) => !c.verified, fields: [reason(m("What is still wrong"))] },
  { id: "explanation", key: "g", service: "dispatch", label: m("Explain the delay"), at: IN_HAND, roles: STEERING, when: (c) => c.waits === "reaction" || c.late, first: (c) => c.waits === "reaction",
    fields: [{ name: "text", kind: "text", label: m("Why it takes so long"), need: true }] },
  { id: "transfer", key: "t", service: "dispatch", label: m("Transfer"), at: IN_HAND, roles: STEERING, many: true, fields: [{ name: "department", kind: "unit", label: m("To which unit"), need: true }, reason()] },
  { id: "extension", key: "e", service: "dispatch", label: m("Extend the deadline"), at: CLOCKED, roles: STEERING,
    fields: [{ name: "resolve_by", kind: "time", label: m("New deadline"), need: true }, reason(), approver] },
  { id: "merge", key: "m", service: "triage", label: m("Merge"), at: ["reported", "triaged", "assigned"], roles: DESK,
    fields: [{ name: "into", kind: "case", label: m("Into which earlier case"), help: m("Its number"), need: true }, reason(m("How one can tell"))] },
  { id: "separation", key: "m", service: "triage", label: m("Separate"), at: ["merged"], roles: DESK, first: () => true, fields: [reason(m("How one can tell"))] },
  { id: "rejection", key: "r", service: "triage", label: m("Reject"), at: ["reported", "triaged", "assigned"], roles: DESK, many: true, danger: true, fields: [reason(m("Reason"), shown)] },
  { id: "withdrawal", service: "intake", label: m("Withdraw for the reporter"), at: ["reported", "triaged", "assigned", "accepted"], roles: DESK, danger: true, fields: [reason()] },
  { id: "note", key: "n", service: "dispatch", path: "notes", label: m("Note"), at: REAL, roles: STEERING, many: true, always: true, fields: [{ name: "text", kind: "text", label: m("For colleagues"), need: true }, photos] },
  { id: "supplement", service: "intake", path: "supplements", label: m("Add for the reporter"), at: REAL, roles: STEERING, fields: [{ name: "text", kind: "text", label: m("What the reporter adds") }, photos] },
  { id: "contact", key: "i", service: "dispatch", label: m("Spoke with the resident"), at: OPEN, roles: STEERING,
    fields: [{ name: "how", kind: "choice", label: m("How"), need: true, of: [["phone", m("By telephone")], ["visit", m("On a visit")], ["chat", m("In the chat")]] }, { name: "text", kind: "text", label: m("What was said"), need: true }] },
  { id: "callback", key: "b", service: "closure", label: m("Call back"), at: ["completed", "closed"], roles: DESK, others: true, first: (c) => c.status === "closed",
    fields: [{ name: "reached", kind: "choice", label: m("Reached?"), need: true, of: [[true, m("Reached")], [false, m("Not reached")]] },
      { name: "solved", kind: "choice", label: m("Is it solved?"), of: [[true, m("Solved")], [false, m("Not solved: the case goes on")]] },
      { name: "satisfied", kind: "choice", label: m("Are they satisfied?"), of: [[true, m("Satisfied")], [false, m("Not satisfied")]] }, { name: "comment", kind: "text", label: m("In their words") }] },
  { id: "publication", key: "p", service: "closure", label: m("Publish the outcome"), at: ["closed"], roles: STEERING, directs: true, when: (c) => !c.confidential && !c.published, first: () => true,
    fields: [{ name: "text", kind: "text", label: m("On the public page"), help: m("Without names, numbers and addresses of residents."), need: true }] },
  { id: "reopening", key: "o", service: "closure", label: m("Reopen"), at: ["closed"], roles: STEERING, directs: true, first: (c) => c.objected, fields: [reason(m("Why it is not solved after all"))] },
  { id: "decision", service: "closure", label: m("Keep closed in spite of the objection"), at: ["closed"], roles: STEERING, directs: true, others: true, when: (c) => c.objected, first: () => true, fields: [reason()] },
  { id: "remedy", service: "closure", label: m("Decide on what keeps coming back"), at: REAL, roles: STEERING, directs: true,
    fields: [{ name: "text", kind: "text", label: m("What is done"), need: true }, { name: "handler", kind: "handler", label: m("By whom"), need: true }, { name: "remedy_by", kind: "time", label: m("Until"), need: true }] },
  { id: "record", service: "dispatch", label: m("Record what was already handled"), at: CLOCKED, roles: STEERING, when: (c) => c.grade === "emergency",
    fields: [{ name: "started_at", kind: "time", label: m("Started at"), need: true, past: true }, { name: "completed_at", kind: "time", label: m("Done at"), need: true, past: true },
      { name: "outcome", kind: "text", label: m("What was done"), help: shown, need: true }, photos] },
];

// Whether an action is offered to somebody for a case as it is now. `me`: {id, roles, directs}.
export function offered(action, it, me) {
  return action.at.includes(it.status) && action.roles.some((role) => me.roles.includes(role))
    && !(action.directs && !me.directs) && !(action.own && it.assignee !== me.id) && !(action.others && it.assignee === me.id)
    && (!action.when || action.when(it));
}

// Returns what is offered: what the case needs now, what is always at hand, and the rest.
export function actionsFor(it, me) {
  const possible = ACTIONS.filter((action) => offered(action, it, me));
  const first = possible.filter((action) => action.first?.(it)).slice(0, 4);
  const hand = possible.filter((action) => !first.includes(action) && action.always);
  return { first, hand, rest: possible.filter((action) => !first.includes(action) && !hand.includes(action)) };
}

// Returns what works on several cases at once, for somebody.
export const forMany = (me) => ACTIONS.filter((action) => action.many && action.roles.some((role) => me.roles.includes(role)) && !(action.directs && !me.directs));

// Returns the fields that a form has for a case.
export const fieldsOf = (action, it) => action.fields.filter((field) => !field.when || field.when(it));
export const pathOf = (action) => action.path || action.id;
