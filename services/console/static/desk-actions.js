// Everything that may be done with a case from the desk: when it is offered, to whom, and what the form asks. Pure.
//
// In the tables: `at`: statuses; `roles`: of the session; `own`: only for whoever has the case, `others`: only for everybody else;
// `directs`: only for posts that may assign; `when`: what else must be so; `first`: whether it is what the case needs now;
// `adds`: it fits the case whatever has become of it, so no version goes with it; `many`: it works on several cases at once;
// `always`: at hand, but never what comes first. The kinds of fields are those of desk-fields.js; `need`: may not be empty.
import { AFTERWARDS } from "/static/desk-actions-after.js";
import { FILING } from "/static/desk-actions-filing.js";
import { HANDLING } from "/static/desk-actions-handling.js";
import { STEERED } from "/static/desk-actions-work.js";

export const ACTIONS = [...FILING, ...STEERED, ...HANDLING, ...AFTERWARDS];

// Whether an action is offered to somebody for a case as it is now. `me`: {id, roles, directs}.
export function offered(action, it, me) {
  return (
    action.at.includes(it.status) &&
    action.roles.some((role) => me.roles.includes(role)) &&
    !(action.directs && !me.directs) &&
    !(action.own && it.assignee !== me.id) &&
    !(action.others && it.assignee === me.id) &&
    (!action.when || action.when(it))
  );
}

// Returns what is offered: what the case needs now, what is always at hand, and the rest.
export function actionsFor(it, me) {
  const possible = ACTIONS.filter((action) => offered(action, it, me));
  const first = possible.filter((action) => action.first?.(it)).slice(0, 4);
  const hand = possible.filter((action) => !first.includes(action) && action.always);
  return { first, hand, rest: possible.filter((action) => !first.includes(action) && !hand.includes(action)) };
}

// Returns what works on several cases at once, for somebody.
export const forMany = (me) =>
  ACTIONS.filter((action) => action.many && action.roles.some((role) => me.roles.includes(role)) && !(action.directs && !me.directs));

// Returns the fields that a form has for a case.
export const fieldsOf = (action, it) => action.fields.filter((field) => !field.when || field.when(it));
export const pathOf = (action) => action.path || action.id;
