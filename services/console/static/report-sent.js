// What whoever has reported sees: the number, the link that opens the case for them, what happens next and by when.
import { announce, el, exact, relative, service, t } from "/static/core.js";
import { address, digits } from "/static/public-mine.js";

const LOOKS = [1, 1, 2, 3, 5, 5, 10, 10, 20, 30]; // seconds until the next look

// Shows the receipt of a report in `box`, and brings it up to date until the deadline is known.
export function sent(box, receipt, reported) {
  const path = address(receipt);
  const url = new URL(path, location.origin).href;
  const next = el("div", { class: "next", role: "status" });
  const parts = [
    el("p", { class: "thanks" }, t("Thank you. It has been received.")),
    el("h2", { id: "h-sent" }, el("span", { class: "soft" }, t("Your number")), el("strong", { class: "number" }, receipt.number)),
    el("a", { class: "button primary large", href: path }, t("See what becomes of it")),
    el("div", { class: "choices" }, buttons(url, receipt.number)),
    el("p", { class: "note" }, receipt.key ? t("The link opens your report on any device: with it you can add something, say that it is not solved, and rate. Keep it to yourself. This device remembers it.") : t("This device remembers the number.")),
    reported.same ? el("p", {}, t("It counts as the same as the case that you named; you hear what becomes of that one.")) : null,
    next,
    el("p", {}, el("a", { class: "button", href: "/report" }, t("Report something else"))),
  ];
  box.replaceChildren(...parts.filter(Boolean));
  box.hidden = false;
  box.focus();
  box.scrollIntoView({ block: "start" });
  follow(next, receipt.number, 0);
}

function buttons(url, number) {
  const text = t("Case {number}", { number });
  const copy = el("button", { type: "button", class: "button large", onclick: () => copied(url) }, t("Copy the link"));
  const share = el("button", { type: "button", class: "button large", onclick: () => navigator.share({ title: text, url }).catch(() => {}) }, t("Send the link to myself"));
  const mail = el("a", { class: "button large", href: `mailto:?subject=${encodeURIComponent(text)}&body=${encodeURIComponent(url)}` }, t("Send the link to myself"));
  return [copy, navigator.share ? share : mail];
}

export async function copied(url) {
  try {
    await navigator.clipboard.writeText(url);
    announce(t("The link is copied."), "good");
  } catch {
    prompt(t("Copy the link"), url);
  }
}

async function follow(box, number, look) {
  try {
    const case_ = await service("intake", `/cases/${digits(number)}`);
    const lines = [case_.status_text + (case_.category ? ` · ${case_.category}` : ""), case_.next];
    if (case_.department) lines.push([case_.handler, case_.department].filter(Boolean).join(" · "));
    box.replaceChildren(
      el("h3", {}, t("What happens next")),
      ...lines.filter(Boolean).map((line) => el("p", {}, line)),
      ...(case_.deadline ? [el("p", { class: "due" }, t("To be done by {time}", { time: `${exact(case_.deadline)} (${relative(case_.deadline)})` }))] : []),
    );
    if (case_.deadline || case_.joined_status) return;
  } catch {
    // the next look may find it
  }
  if (look < LOOKS.length) setTimeout(() => follow(box, number, look + 1), LOOKS[look] * 1000);
}
