// What helps to decide: what the case may be about, what it may repeat, and whom to send; open where it is needed now.
import { el, lang, metres, service, t, tn } from "/static/core.js";
import { ACTIONS } from "/static/desk-actions.js";
import { candidates, person } from "/static/desk-people.js";
import { all, grouped } from "/static/desk-words.js";

const action = (id) => ACTIONS.find((one) => one.id === id);
const percent = (share) => t("{n}%", { n: Math.round(share * 100) });

// Returns the parts for a case, what it needs first. `desk`: {can(id), once(action, body), open(id)}.
export function needs(it, desk) {
  const unclear = it.status === "reported" || it.waits === "doubt";
  const free = it.status === "triaged";
  const parts = [
    desk.can("classification") && part("kinds", t("What it may be"), unclear, () => kinds(it, desk)),
    desk.can("merge") && part("same", t("What it may repeat"), false, () => same(it, desk), unclear || free),
    desk.can("assignment") && part("people", free ? t("Whom to send") : t("Who could take it instead"), free, () => people(it, desk)),
  ].filter(Boolean);
  return free ? parts.reverse() : parts;
}

// A part that is read when it is opened; `ahead`: read at once, and opened if something is found.
function part(name, title, open, read, ahead = false) {
  const inside = el("div", { class: "inside" });
  const count = el("span", { class: "soft small" });
  const box = el(
    "details",
    { class: "need", "data-name": name, open },
    el("summary", {}, el("span", { class: "grow" }, title), count),
    inside,
  );
  let done = false;
  async function load() {
    if (done) return;
    done = true;
    inside.replaceChildren(el("p", { class: "skeleton" }, " "));
    try {
      const found = await read();
      inside.replaceChildren(...(found.length ? found : [el("p", { class: "note" }, t("Nothing found."))]));
      count.textContent = found.length || t("none");
      if (ahead && found.length) box.open = true;
    } catch (problem) {
      done = false;
      inside.replaceChildren(el("p", { class: "note" }, problem.message));
    }
  }
  box.addEventListener("toggle", () => {
    if (box.open) load();
  });
  if (open || ahead) load();
  return box;
}

const offer = (texts, label, act) =>
  el(
    "div",
    { class: "offer" },
    el("div", { class: "grow somebody" }, texts),
    el("button", { type: "button", class: "button", onclick: (event) => once(event.currentTarget, act) }, label),
  );

async function once(button, act) {
  button.disabled = true;
  try {
    await act();
  } finally {
    button.disabled = false;
  }
}

async function kinds(it, desk) {
  if (!it.text) return [];
  const body = { text: it.text, channel: it.channel, address: it.address || "", ...(it.location ? { location: it.location } : {}) };
  const found = await service("triage", "/assessments", { method: "POST", body });
  return found.suggestions.map((one) =>
    offer(
      [
        el(
          "b",
          {},
          one.name[lang],
          el("span", { class: "soft" }, ` · ${all("categories")[one.category]?.conditions[one.condition]?.[lang] ?? ""}`),
        ),
        el(
          "span",
          { class: "bar", role: "img", "aria-label": percent(one.probability) },
          bar(one.probability),
          el("span", { class: "small number" }, percent(one.probability)),
        ),
        one.words.length > 0 &&
          el("span", { class: "soft small" }, t("Speaks for it: {words}", { words: one.words.join(lang === "zh" ? "、" : ", ") })),
      ],
      t("File as this"),
      () =>
        desk.once(action("classification"), {
          category: one.category,
          condition: one.condition,
          reason: t("As suggested ({share})", { share: percent(one.probability) }),
        }),
    ),
  );
}

function bar(share) {
  const made = el("span", { class: "share" });
  made.style.setProperty("--share", share);
  return made;
}

async function same(it, desk) {
  const found = await service("triage", `/cases/${it.id}/duplicates`);
  return found.map((one) =>
    offer(
      [
        el("b", {}, el("button", { type: "button", class: "plain-link number", onclick: () => desk.open(one.id) }, grouped(one.number))),
        el(
          "span",
          { class: "small" },
          [percent(one.score), metres(one.metres), tn("{n} hour earlier", "{n} hours earlier", Math.round(one.hours))].join(" · "),
        ),
        el("span", { class: "soft small" }, one.reason[lang]),
      ],
      t("Merge into this"),
      () => desk.once(action("merge"), { into: one.id, reason: one.reason[lang] }),
    ),
  );
}

async function people(it, desk) {
  const found = await candidates(it.id);
  return found.map((one, at) =>
    offer(person(one), at === 0 ? t("Assign (best)") : t("Assign"), () =>
      desk.once(action("assignment"), { person: one.person, reason: one.reason[lang], ...(one.on_duty ? {} : { force: true }) }),
    ),
  );
}
