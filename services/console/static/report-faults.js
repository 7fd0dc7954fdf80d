// What is wrong with a report, said at the field that it concerns, in the words of the service that found it.

const $ = (id) => document.getElementById(id);
const SHOWN_AT = { text: "text", location: "place", address: "place", media: "media", phone: "phone", email: "email", name: "name" };
const INPUT = { text: "text", place: "address", phone: "phone", email: "email", name: "name" };

// Returns where faults of a field are shown; fields of the contact are named `contact.phone`, photos `media.0`.
export const placeOf = (field) => SHOWN_AT[field.replace(/^contact\./, "").split(".")[0]];

// Says what is wrong at a place, or that nothing is.
export function fault(where, said) {
  const box = $(`fault-${where}`);
  if (!box) return;
  box.textContent = said;
  box.hidden = !said;
  const input = $(INPUT[where]);
  if (!input) return;
  if (said) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

// Says how the sending stands, above the button; `kind` is "waits", "bad" or "".
export function state(said, kind = "") {
  $("state").hidden = !said;
  $("state").textContent = said;
  $("state").className = kind;
}

// Shows the faults of a problem at their fields, others above the button, and goes to the first.
export function faults(problem) {
  const elsewhere = [];
  for (const { field, message } of problem.errors) {
    const where = placeOf(field);
    if (where) fault(where, message);
    else elsewhere.push(message);
    if (field.startsWith("contact.")) $("contact").open = true;
  }
  state([problem.message, ...elsewhere].join(" "), "bad");
  toFirstFault();
}

export function toFirstFault() {
  const first = $("report").querySelector("[aria-invalid], .fault:not([hidden])");
  first?.scrollIntoView({ block: "center" });
  if (first?.matches("input, textarea")) first.focus({ preventScroll: true });
}
