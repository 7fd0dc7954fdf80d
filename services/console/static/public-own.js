// The reader's own reports, and those they follow: how each stands now, and what is new since they last looked.
import { el, own, t, timeTag } from "/static/core.js";
import { address, forget, mine, pretty } from "/static/public-mine.js";

const AT_ONCE = 6;

// Lists what this device remembers.
export async function showMine(box) {
  const all = mine();
  if (!all.length) {
    box.replaceChildren(
      el("p", { class: "empty" }, t("Nothing was reported from this device yet, and nothing is followed. Cases that you report or follow stand here; nobody else sees the list.")),
      el("p", { class: "pager" }, el("a", { class: "button primary", href: "/report" }, t("Report a problem"))),
    );
    return;
  }
  const list = el("ul", { class: "cases mine" }, all.map((one) => line(one, null)));
  box.replaceChildren(list, el("p", { class: "note" }, t("Kept on this device alone, with the keys of your reports. Remove them where others use it too.")));
  const waiting = [...all.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [nth, one] = next;
      const told = await own(`/public/cases/${one.number}.json`).catch(() => null);
      if (told) list.children[nth].replaceWith(line(one, told));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function line(one, told) {
  const news = told && !told.sealed ? told.steps.length - (one.seen ?? 0) : 0;
  const off = el("button", { type: "button", class: "icon", "aria-label": t("Remove {number} from this list", { number: pretty(one.number) }), onclick: (event) => { forget(one.number); event.target.closest("li").remove(); } }, "×");
  const name = told?.category || one.category || one.words || t("A report");
  const due = told?.deadline ? el("span", { class: told.overdue ? "late" : "soft" }, told.overdue ? t("overdue since") : t("due"), " ", timeTag(told.deadline)) : null;
  return el(
    "li",
    { class: told?.state || "" },
    el(
      "a",
      { href: address(one) },
      el("span", { class: `dot ${told?.state || ""}`, "aria-hidden": "true" }),
      el("span", { class: "what" }, el("b", {}, name, " ", news > 0 ? el("span", { class: "new" }, t("new: {n}", { n: news })) : null), el("span", { class: "soft" }, one.key ? t("reported by me") : t("followed"), " · ", el("span", { class: "number" }, pretty(one.number)))),
      el("span", { class: "how" }, el("span", {}, told?.status_text || one.status || ""), due),
    ),
    off,
  );
}
