// What is done to have a case handled: who gets it, which unit, until when, and who decides about an appeal.
import { m } from "/static/core.js";
import { CLOCKED, IN_HAND, STEERING, approver, reason } from "/static/desk-actions-terms.js";

export const STEERED = [
  {
    id: "assignment",
    key: "a",
    service: "dispatch",
    label: m("Assign"),
    at: IN_HAND,
    roles: STEERING,
    directs: true,
    many: true,
    first: (c) => c.status === "triaged" || c.waits === "assign",
    fields: [
      { name: "person", kind: "candidate", label: m("To whom"), need: true },
      { name: "reason", kind: "text", label: m("Reason"), help: m("Left empty: why this person was proposed.") },
      { name: "force", kind: "yes", label: m("Also if they are off duty") },
      { name: "insist", kind: "yes", label: m("Insist: they can only appeal"), when: (c) => c.refusals > 0 },
    ],
  },
  {
    id: "ruling",
    key: "l",
    service: "dispatch",
    label: m("Decide the appeal"),
    at: [...IN_HAND, "completed"],
    roles: ["supervisor"],
    when: (c) => c.waits === "ruling" || !c.open,
    first: (c) => c.waits === "ruling",
    fields: [
      {
        name: "upheld",
        kind: "choice",
        label: m("Decision"),
        need: true,
        of: [
          [false, m("Dismissed: they keep the case")],
          [true, m("Upheld: another unit takes over")],
        ],
      },
      { name: "department", kind: "unit", label: m("Which unit instead"), help: m("Only where the appeal is upheld.") },
      reason(),
    ],
  },
  {
    id: "transfer",
    key: "t",
    service: "dispatch",
    label: m("Transfer"),
    at: IN_HAND,
    roles: STEERING,
    many: true,
    fields: [{ name: "department", kind: "unit", label: m("To which unit"), need: true }, reason()],
  },
  {
    id: "extension",
    key: "e",
    service: "dispatch",
    label: m("Extend the deadline"),
    at: CLOCKED,
    roles: STEERING,
    fields: [{ name: "resolve_by", kind: "time", label: m("New deadline"), need: true }, reason(), approver],
  },
];
