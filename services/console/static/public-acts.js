// What somebody can do about a case: follow it; with its key add to it, rate it, say that it is not solved, take it back.
import { act, announce, el, service, t } from "/static/core.js";
import { find, forget, keep } from "/static/public-mine.js";
import { posted, smaller } from "/static/report-photos.js";
import { copied } from "/static/report-sent.js";

const STARS = [1, 2, 3, 4, 5];

// Fills `box` for a case (`data` of its page); what is said goes to the case `at`, with which it is handled; `onDone()` is told when it is said.
export function acts(box, data, at, onDone) {
  const kept = find(data.number);
  const again = () => acts(box, data, at, onDone);
  const parts = [follow(data, kept, again)];
  if (kept?.key) {
    if (data.rateable !== undefined) parts.push(rating(kept, at, onDone));
    parts.push(adding(kept, at, onDone));
    if (data.withdrawable !== undefined) parts.push(withdrawing(kept, onDone));
    parts.push(link(kept));
  } else {
    parts.push(
      el("a", { class: "button", href: `/report?same=${data.number}` }, t("I see the same problem")),
      el("p", { class: "note" }, t("Did you report it yourself? Open the link that you were given then: it lets you add something, rate it, or say that it is not solved. On the device with which you reported it, it opens by itself.")),
    );
  }
  box.replaceChildren(box.firstElementChild, ...(data.sealed !== undefined && !kept?.key ? [parts.at(-1)] : parts));
}

function follow(data, kept, again) {
  if (kept?.key) return el("p", { class: "note" }, t("You reported it. This device remembers it under “My reports”."));
  const on = Boolean(kept);
  const toggle = () => {
    if (on) forget(data.number);
    else if (!keep(data.number, { at: Date.now(), seen: document.querySelectorAll(".story li").length })) announce(t("This browser keeps nothing."), "bad");
    again();
  };
  return el("button", { type: "button", class: "button", "aria-pressed": String(on), onclick: toggle }, on ? t("Followed: shown under “My reports”") : t("Follow it"));
}

function link(kept) {
  const url = new URL(`/public/${kept.number}#key=${encodeURIComponent(kept.key)}`, location.origin).href;
  return el("button", { type: "button", class: "button quiet", onclick: () => copied(url) }, t("Copy the link for another device of yours"));
}

// -- with the key

function rating(kept, at, onDone) {
  const stars = STARS.map((n) => choice("score", n, el("span", {}, String(n)), t("{n} of 5", { n })));
  const form = el(
    "form",
    { class: "rating", novalidate: true },
    el("h3", {}, t("Is it solved?")),
    el("fieldset", { class: "yes-no" }, el("legend", { class: "unseen" }, t("Is it solved?")), choice("solved", "yes", t("Yes, it is solved")), choice("solved", "no", t("Not solved"))),
    el("fieldset", {}, el("legend", {}, t("How content are you? 5 is best.")), el("div", { class: "stars" }, stars)),
    el("label", { class: "field" }, el("span", {}, t("A word on it, if you like")), el("textarea", { name: "comment", maxlength: 500, rows: 2 })),
    el("p", { class: "fault", role: "alert", hidden: true }),
    el("button", { class: "button primary" }, t("Say so")),
  );
  return listening(form, async () => {
    const said = new FormData(form);
    if (!said.get("solved") || !said.get("score")) throw new Error(t("Choose whether it is solved, and how content you are."));
    const body = { solved: said.get("solved") === "yes", score: Number(said.get("score")), comment: said.get("comment") };
    await act("closure", `/cases/${at}/rating`, body, { key: kept.key });
    announce(body.solved ? t("Thank you for saying so.") : t("Thank you. Somebody looks at it again."), "good");
    form.replaceChildren(el("p", { class: "note" }, t("You have said what you think of it.")));
    onDone();
  });
}

function choice(name, value, label, spoken) {
  return el("label", {}, el("input", { type: "radio", name, value: String(value), "aria-label": spoken }), label);
}

function adding(kept, at, onDone) {
  const list = el("ul", { class: "photos" });
  let media = [];
  const input = el("input", {
    type: "file", accept: "image/*", multiple: true, class: "unseen",
    onchange: async () => {
      for (const file of [...input.files]) {
        const blob = await smaller(file);
        list.append(el("li", {}, el("img", { src: URL.createObjectURL(blob), alt: t("Photo {n}", { n: list.children.length + 1 }) })));
        media.push(blob);
      }
      input.value = "";
    },
  });
  const form = el(
    "form",
    { class: "adding", novalidate: true },
    el("h3", {}, t("Add something")),
    el("label", { class: "field" }, el("span", {}, t("What is new, or what you forgot")), el("textarea", { name: "text", rows: 3, maxlength: 4000 })),
    list,
    el("label", { class: "button" }, t("Add photos"), input),
    el("p", { class: "fault", role: "alert", hidden: true }),
    el("button", { class: "button primary" }, t("Add it")),
  );
  return listening(form, async () => {
    const text = new FormData(form).get("text").trim();
    if (!text && !media.length) throw new Error(t("Write something, or choose a photo."));
    const names = await Promise.all(media.map(async (one) => (typeof one === "string" ? one : posted(one))));
    media = names; // what was uploaded is not uploaded again
    await act("intake", `/cases/${at}/supplements`, { text, media: names }, { key: kept.key });
    announce(t("It was added. Only those who deal with your report read it."), "good");
    form.reset();
    list.replaceChildren();
    media = [];
    onDone();
  });
}

function withdrawing(kept, onDone) {
  const form = el(
    "form",
    { class: "withdrawing", novalidate: true },
    el("details", {}, el("summary", {}, t("Take the report back")),
      el("label", { class: "field" }, el("span", {}, t("Why do you take it back?")), el("input", { name: "reason", type: "text", maxlength: 500 })),
      el("p", { class: "fault", role: "alert", hidden: true }),
      el("button", { class: "button danger" }, t("Take it back"))),
  );
  return listening(form, async () => {
    const reason = new FormData(form).get("reason").trim();
    if (!reason) throw new Error(t("Say why in a few words."));
    await service("intake", `/cases/${kept.number}/withdrawal`, { method: "POST", body: { reason }, key: kept.key });
    announce(t("The report is taken back."), "good");
    onDone();
  });
}

// Lets the form say something once at a time, and tells in it what went wrong.
function listening(form, say) {
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const [fault, button] = [form.querySelector(".fault"), form.querySelector("button.primary, button.danger")];
    fault.hidden = true;
    button.disabled = true;
    try {
      await say();
    } catch (problem) {
      fault.textContent = [problem.message, ...(problem.errors || []).map((one) => one.message)].join(" ");
      fault.hidden = false;
    } finally {
      busy = false;
      button.disabled = false;
    }
  });
  return form;
}
