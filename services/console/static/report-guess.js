// What the text seems to be about, whether somebody is in danger, and what has been reported already: asked of triage while one writes.
import { el, lang, lasting, metres, service, t } from "/static/core.js";
import { theCity } from "/static/report-place.js";
import { digits, pretty } from "/static/public-mine.js";

const PAUSE = 700; // milliseconds without a key
const LEAST = 4; // characters that are worth asking about
const LIKELY = 0.05; // below this nobody is asked whether it is the same

// Returns {ask(report), no, stop()}; `onCategory(code or null)` and `onSame(case or null)` are told what was chosen.
export function guessing({ guess, similar, danger, onCategory, onSame }) {
  let timer = 0;
  let running = null;
  let last = "";
  const no = new Set(); // numbers of cases that it is not

  function ask(report) {
    clearTimeout(timer);
    timer = setTimeout(() => look(report()), PAUSE);
  }

  // Asks no more: the report has been sent.
  function stop() {
    clearTimeout(timer);
    running?.abort();
  }

  async function look({ text, location, address, category, same }) {
    const body = { text, channel: "web", location, address, category };
    const said = JSON.stringify(body);
    if (said === last) return;
    last = said;
    if (text.trim().length < LEAST) return nothing();
    running?.abort();
    running = new AbortController();
    try {
      const [found, city] = await Promise.all([service("triage", "/assessments", { method: "POST", body, signal: running.signal }), theCity()]);
      danger.hidden = found.grade !== "emergency";
      if (!danger.hidden) danger.textContent = danger.dataset.text;
      looksLike(found, city, category);
      if (!same) offer(found.similar.filter((one) => one.score >= LIKELY && !no.has(one.number)), city);
    } catch (problem) {
      if (problem.name !== "AbortError") last = ""; // it is a help, no duty: the report can be sent without
    }
  }

  function nothing() {
    guess.hidden = similar.hidden = danger.hidden = true;
  }

  function looksLike(found, city, category) {
    const best = found.suggestions[0];
    guess.hidden = !(best && (found.report || category));
    if (guess.hidden) return;
    if (!city.categories[best.category]) {
      guess.replaceChildren(el("p", {}, t("It looks like: {what}. Such reports are confidential.", { what: best.name[lang] })));
      return;
    }
    const menu = el("select", { id: "category", onchange: () => onCategory(menu.value || null) });
    menu.append(el("option", { value: "" }, t("{what} (you need not choose)", { what: best.name[lang] })));
    const others = found.suggestions.slice(1).filter((one) => city.categories[one.category]);
    if (others.length) menu.append(el("optgroup", { label: t("Or is it") }, others.map((one) => option(one.category, one.name[lang]))));
    for (const [group, name] of Object.entries(city.groups)) {
      const ones = Object.entries(city.categories).filter(([, one]) => one.group === group);
      if (ones.length) menu.append(el("optgroup", { label: name }, ones.map(([code, one]) => option(code, one.name))));
    }
    menu.value = category || "";
    guess.replaceChildren(el("label", { class: "field", for: "category" }, el("span", {}, t("It looks like"))), menu);
  }

  function offer(found, city) {
    similar.hidden = !found.length;
    if (!found.length) return;
    similar.replaceChildren(
      el("h2", { id: "h-similar" }, t("Is it one of these?")),
      el("p", { class: "note" }, t("If so, everybody who reported it hears the same, and nobody comes twice.")),
      el("ul", {}, found.map((one) => line(one, city))),
      el("button", { type: "button", class: "button large", onclick: () => { found.forEach((one) => no.add(one.number)); similar.hidden = true; } }, t("No, it is another")),
    );
  }

  function line(one, city) {
    const name = city.categories[one.category]?.name || "";
    const far = one.metres ? t("{far} away", { far: metres(one.metres) }) : t("at the same place");
    const when = t("reported {time} ago", { time: lasting(one.hours * 3600) });
    const yes = el("button", { type: "button", class: "button primary", onclick: () => { similar.hidden = true; onSame(one); } }, t("Yes, that one"));
    const link = el("a", { href: `/public/${digits(one.number)}`, target: "_blank", rel: "noopener" }, pretty(one.number));
    return el("li", {}, el("div", { class: "grow" }, el("b", {}, name), el("span", { class: "soft" }, `${far} · ${when} · `, link), el("span", { class: "soft small" }, one.reason[lang])), yes);
  }

  return { ask, no, stop };
}

const option = (code, name) => el("option", { value: code }, name);
