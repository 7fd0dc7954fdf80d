// Whom to send: the people that dispatch proposes, best first, each with what speaks for them; or anybody else of the city.
import { el, lang, metres, service, t } from "/static/core.js";
import { addKind, posts } from "/static/desk-fields.js";
import { say } from "/static/desk-words.js";

export const candidates = (id) => service("dispatch", `/cases/${id}/candidates`);

// Returns what is known of somebody in one line: how much they have in hand, how far away they are.
export function about(one) {
  const load = one.load === null ? "" : t("{n} of {all} tasks", { n: one.load, all: one.capacity });
  return [one.on_duty ? "" : t("off duty"), load, metres(one.metres), one.offered ? t("was asked already") : ""]
    .filter(Boolean)
    .join(" · ");
}

export function person(one) {
  return [
    el("span", {}, el("b", {}, one.title[lang]), el("span", { class: "soft small" }, ` ${about(one)}`)),
    el("span", { class: "why" }, one.reason[lang]),
  ];
}

// The field of the form: the proposed people to choose from, the first one chosen; else somebody from the list of all.
addKind("candidate", (field, it, form) => {
  const other = el("select", { "aria-label": t("Somebody else") }, el("option", { value: "" }, t("Somebody else …")), posts());
  const node = el("div", { class: "choices people", role: "radiogroup" });
  let radios = [];
  const chosen = () => radios.find(({ input }) => input.checked)?.one;
  other.addEventListener("change", () => {
    if (other.value) for (const { input } of radios) input.checked = false;
  });
  node.append(other);
  if (it.id) {
    const waiting = el("p", { class: "skeleton" }, " ");
    node.prepend(waiting);
    candidates(it.id).then(
      (found) => {
        radios = found.map((one, at) => ({
          one,
          input: el("input", {
            type: "radio",
            name: `person-${form.id}`,
            checked: at === 0 && !other.value,
            onchange: () => {
              other.value = "";
            },
          }),
        }));
        waiting.replaceWith(
          ...radios.map(({ one, input }) => el("label", { class: "choice" }, input, el("span", { class: "somebody" }, person(one)))),
        );
        if (node.contains(document.activeElement) || document.activeElement === node.closest("dialog")) radios[0]?.input.focus();
      },
      (problem) => waiting.replaceWith(el("p", { class: "note" }, problem.message)),
    );
  }
  return {
    node,
    grouped: true,
    value: () => other.value || chosen()?.person,
    // why this person, where the operator gives no reason
    reason: () => (other.value ? t("Chosen by hand: {name}", { name: say("staff", other.value) }) : chosen()?.reason[lang]),
    off: () => !other.value && chosen() && !chosen().on_duty,
  };
});
