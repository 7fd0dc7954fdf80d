// "Record what I already handled": an emergency that was dealt with on the spot is reported and recorded afterwards, in this order.
import { el, lang, t } from "/static/core.js";
import { handled } from "/static/tasks-acts.js";
import { finish } from "/static/tasks-doing.js";
import { asked } from "/static/tasks-form.js";
import { pickOn } from "/static/tasks-map.js";
import { position, watch, moved } from "/static/tasks-place.js";
import { entry } from "/static/tasks-sending.js";
import { both } from "/static/tasks-words.js";

// Asks what happened; keeps a report and the record that follows it.
export async function recordLate(kit, city) {
  const asks = [
    { field: "text", kind: "words", label: t("What happened") },
    { field: "category", kind: "select", label: t("What kind of emergency"), hint: t("Only an emergency may be handled first and recorded after."), choices: kit.emergencies.map((one) => [one.code, both(one.name)]), empty: t("Please choose one.") },
    { field: "place", make: (one) => placeField(one, city), label: t("Where") },
    ...handled(null),
  ];
  const told = await asked({ title: t("Record what I already handled"), asks, label: t("Record it"), draft: "late" });
  if (!told) return;
  const { text, category, place, outcome, started_at, completed_at } = told.values;
  const report = entry(
    null, "report", { service: "intake", path: "/reports", untimed: true },
    { text, category, channel: "patrol", language: lang, reported_at: started_at, ...place },
  );
  const record = { service: "dispatch", path: "/cases/{case}/record", untimed: true, patient: true };
  const done = { ...entry(null, "record", record, { started_at, completed_at, outcome }, told.photos), of: report.id };
  await finish([report, done], told.photos);
  await told.forget();
}

// A place by the phone's position, by the map, or in words.
function placeField({ label }, city) {
  let at = null;
  const said = el("output", { class: "soft" });
  const note = (place) => { at = place; said.textContent = place ? `${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}` : ""; element.dispatchEvent(new Event("input", { bubbles: true })); };
  const input = el("input", { id: "late-address", maxlength: 500, autocomplete: "off" });
  const map = city ? pickOn(city, note, null) : null;
  const here = (place) => { const spot = { lat: Number(place.lat.toFixed(6)), lon: Number(place.lon.toFixed(6)) }; map?.place?.(spot, false); note(spot); };
  let asked = false;
  const find = el(
    "button",
    { type: "button", class: "button large wide-button", onclick: () => { asked = true; if (position()) here(position()); else watch(() => { said.textContent = t("The position is not known; use the map or words."); }); } },
    t("Here, where I am"),
  );
  moved((place) => { if (asked && !at) here(place); });
  const element = el(
    "div", { class: "part" }, el("p", { class: "name" }, label), find, map, el("p", {}, said),
    el("label", { for: "late-address", class: "name" }, t("Place in words")), input,
  );
  return {
    element,
    value: () => (at || input.value.trim() ? { ...(at && { location: at }), ...(input.value.trim() && { address: input.value.trim() }) } : undefined),
    fault: () => (at || input.value.trim() ? "" : t("Say where it is: on the map or in words.")),
    restore: (place) => { if (place?.address) input.value = place.address; if (place?.location) here(place.location); },
    focus: () => input.focus(),
  };
}
