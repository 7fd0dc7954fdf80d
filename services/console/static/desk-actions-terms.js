// What the tables of actions share: statuses, roles, and fields that many forms have.
import { m } from "/static/core.js";

export const IN_WORK = ["assigned", "accepted", "working", "paused"];
export const IN_HAND = ["triaged", ...IN_WORK];
export const CLOCKED = IN_HAND.filter((status) => status !== "paused");
export const OPEN = ["reported", ...IN_HAND, "completed"];
export const REAL = [...OPEN, "closed", "merged", "rejected", "withdrawn"];
export const DESK = ["operator", "supervisor"];
export const STEERING = [...DESK, "unit"];

export const reason = (label = m("Reason"), help = "") => ({ name: "reason", kind: "text", label, help, need: true });
export const approver = { name: "approved_by", kind: "post", label: m("Approved by"), need: true };
export const photos = { name: "media", kind: "photos", label: m("Photos") };
export const shown = m("The reporter reads this.");
