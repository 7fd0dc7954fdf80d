// A form for one action: it asks, sends, shows faults at their fields, and tells how the case has changed meanwhile.
import { act, announce, el, newId, t } from "/static/core.js";
import { fieldsOf, pathOf } from "/static/desk-actions.js";
import { fieldFor } from "/static/desk-fields.js";
import "/static/desk-people.js";
import { since, told } from "/static/desk-timeline.js";
import { grouped } from "/static/desk-words.js";

let asked = null; // the form that is open
const PAUSE = 700; // milliseconds for which nothing is sent: a click then meant what stood there before

// Does an action at once, without a form. Returns what the service answered.
export const doNow = (action, it, body = {}, options = {}) =>
  act(action.service, `/cases/${it.id}/${pathOf(action)}`, action.fields.length ? body : undefined, {
    version: action.adds ? undefined : it.version,
    ...options,
  });

// Returns the dialog's inside for fields: {node, body(), fault(), focus()}.
export function fieldsIn(action, it, start = {}) {
  const form = {
    id: newId().slice(0, 6),
    later: (f) => laters.push(f),
    value: (name) => fields[name]?.value(),
    node: (name) => fields[name].node,
    busy: () => {},
    fault: (name, text) => fields[name].fault(text),
  };
  const laters = [];
  const fields = {};
  for (const field of fieldsOf(action, it)) fields[field.name] = fieldFor({ ...field, start: start[field.name] }, it, form);
  laters.forEach((later) => later());
  return {
    form,
    node: Object.values(fields).map((field) => field.box),
    // Returns the body, or null if something that is needed is missing; then says so.
    body() {
      let whole = true;
      const body = {};
      for (const [name, field] of Object.entries(fields)) {
        const value = field.value();
        const missing = field.field.need && value === undefined;
        field.fault(missing ? t("This is needed.") : "");
        if (missing && whole) field.node.focus();
        whole &&= !missing;
        if (value !== undefined) body[name] = value;
      }
      const person = fields.person;
      if (person?.reason && !body.reason && body.person) body.reason = person.reason();
      if (person?.off?.()) body.force = true;
      return whole ? body : null;
    },
    // Shows the faults of a problem at their fields; returns those that have none.
    faults(errors) {
      const others = errors.filter(({ field }) => !fields[field.split(".")[0]]);
      for (const { field, message } of errors) fields[field.split(".")[0]]?.fault(message);
      return others.map(({ field, message }) => `${field}: ${message}`);
    },
  };
}

// Opens the form for one case as the operator has it in front. Resolves to what the service answered, or null if it was given up.
export function ask(action, it, start = {}) {
  const parts = fieldsIn(action, it, start);
  const notice = el("div", { class: "notice", role: "alert", hidden: true });
  const send = el("button", { type: "submit", class: `button ${action.danger ? "danger" : "primary"}` }, t(action.label));
  const giveUp = el("button", { type: "button", class: "button quiet", onclick: () => dialog.close() }, t("Cancel"), el("kbd", {}, "Esc"));
  const form = el(
    "form",
    { method: "dialog", class: "stack", novalidate: true },
    el("h2", { id: "asked" }, t(action.label), el("span", { class: "soft small" }, ` ${grouped(it.number)}`)),
    notice,
    parts.node,
    el("div", { class: "row end" }, giveUp, send, el("kbd", { class: "soft" }, "Ctrl ↵")),
  );
  const dialog = el("dialog", { class: "asking", "aria-labelledby": "asked" }, form);
  let version = it.version;
  let id = newId();
  let words = "";
  let busy = 0;
  let answer = null;
  parts.form.busy = (more) => {
    busy += more;
    send.disabled = busy > 0;
  };

  async function tell(intro) {
    const { entries, newest } = await since(it.id, version).catch(() => ({ entries: [], newest: version }));
    notice.replaceChildren(el("p", {}, el("b", {}, intro)), ...(entries.length ? [told(entries)] : []));
    notice.hidden = false;
    if (newest > version) {
      notice.append(el("p", { class: "small" }, t("What you typed is still here. Send it anyway, or give up.")));
      send.textContent = t("Send anyway");
      version = newest;
      parts.form.busy(1);
      setTimeout(() => parts.form.busy(-1), PAUSE);
    }
  }

  async function submit() {
    if (busy) return;
    const body = parts.body();
    if (body === null) return;
    if (JSON.stringify(body) !== words) [words, id] = [JSON.stringify(body), newId()];
    parts.form.busy(1);
    try {
      answer = await doNow(action, { id: it.id, version }, body, { id });
      dialog.close();
    } catch (problem) {
      const others = parts.faults(problem.errors || []);
      if (problem.status === 412) await tell(t("The case has changed while you had it in front."));
      else if (problem.status === 409) await tell(problem.message);
      else {
        notice.replaceChildren(el("p", {}, [problem.message, ...others].join(" ")));
        notice.hidden = Boolean(problem.errors?.length && !others.length);
      }
      if ([409, 412].includes(problem.status)) id = newId();
    }
    parts.form.busy(-1);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector("textarea, select, input")?.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      asked = null;
      if (answer) announce(t("{number}: {action}", { number: grouped(it.number), action: t(action.label) }), "good", 3000);
      resolve(answer);
    });
    asked = {
      id: it.id,
      changed: (newest) => {
        if (newest > version && !busy) tell(t("The case has just changed."));
      },
    };
  });
}

// Tells the form that is open for a case, if there is one, that the case has a newer version.
export const changedMeanwhile = (id, version) => {
  if (asked?.id === id) asked.changed(version);
};
