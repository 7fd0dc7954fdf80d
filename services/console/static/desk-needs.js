// What helps to decide: what the case may be about, what it may repeat, and whom to send; open where the case needs it now, else within reach.
import { el, lang, metres, service, t, tn } from "/static/core.js";
import { ACTIONS } from "/static/desk-actions.js";
import { candidates, person } from "/static/desk-people.js";
import { all } from "/static/desk-words.js";

const action = (id) => ACTIONS.find((one) => one.id === id);
const percent = (share) => t("{n} %", { n: Math.round(share * 100) });

// Returns the parts for a case. `desk`: {can(id), run(action, start), once(action, body), open(id)}.
export function needs(it, desk) {
  const parts = [];
  if (desk.can("classification")) parts.push(part(t("What it may be"), "kinds", it.status === "reported" || it.waits === "doubt", () => kinds(it, desk)));
  if (desk.can("merge")) parts.push(part(t("What it may repeat"), "same", ["reported", "triaged"].includes(it.status), () => same(it, desk)));
  if (desk.can("assignment")) parts.push(part(it.assignee && it.status !== "triaged" ? t("Who could take it instead") : t("Whom to send"), "people", it.status === "triaged", () => people(it, desk)));
  return parts;
}

// A part that is read when it is opened.
function part(title, name, open, read) {
  const inside = el("div", { class: "inside" });
  const box = el("details", { class: `need ${name}`, open }, el("summary", {}, title), inside);
  let done = false;
  const load = async () => {
    if (done || !box.open) return;
    done = true;
    inside.replaceChildren(el("p", { class: "skeleton" }, " "));
    try {
      const found = await read();
      inside.replaceChildren(...(found.length ? found : [el("p", { class: "note" }, t("Nothing found."))]));
    } catch (problem) {
      done = false;
      inside.replaceChildren(el("p", { class: "note" }, problem.message));
    }
  };
  box.addEventListener("toggle", load);
  if (open) load();
  return box;
}

const offer = (texts, label, act) => el("div", { class: "offer" }, el("div", { class: "grow somebody" }, texts), el("button", { type: "button", class: "button", onclick: (event) => once(event.currentTarget, act) }, label));

async function once(button, act) {
  button.disabled = true;
  try { await act(); } finally { button.disabled = false; }
}

async function kinds(it, desk) {
  if (!it.text) return [];
  const body = { text: it.text, channel: it.channel, address: it.address || "", ...(it.location ? { location: it.location } : {}) };
  const found = await service("triage", "/assessments", { method: "POST", body });
  return found.suggestions.map((one) => offer([
    el("b", {}, one.name[lang], el("span", { class: "soft" }, ` · ${all("categories")[one.category]?.conditions[one.condition]?.[lang] ?? ""}`)),
    el("span", { class: "bar", role: "img", "aria-label": percent(one.probability) }, bar(one.probability), el("span", { class: "small number" }, percent(one.probability))),
    one.words.length > 0 && el("span", { class: "soft small" }, t("Speaks for it: {words}", { words: one.words.join(lang === "zh" ? "、" : ", ") })),
  ], t("File as this"), () => desk.once(action("classification"), { category: one.category, condition: one.condition })));
}

function bar(share) {
  const made = el("span", { class: "share" });
  made.style.setProperty("--share", share);
  return made;
}

async function same(it, desk) {
  const found = await service("triage", `/cases/${it.id}/duplicates`);
  return found.map((one) => offer([
    el("b", {}, el("button", { type: "button", class: "plain-link number", onclick: () => desk.open(one.id) }, one.number)),
    el("span", { class: "small" }, [percent(one.score), metres(one.metres), tn("{n} hour earlier", "{n} hours earlier", Math.round(one.hours))].join(" · ")),
    el("span", { class: "soft small" }, one.reason[lang]),
  ], t("Merge into this"), () => desk.once(action("merge"), { into: one.id, reason: one.reason[lang] })));
}

async function people(it, desk) {
  const found = await candidates(it.id);
  return found.map((one, at) => offer(person(one), at === 0 ? t("Assign (best)") : t("Assign"), () => desk.once(action("assignment"), { person: one.person, reason: one.reason[lang], ...(one.on_duty ? {} : { force: true }) })));
}
