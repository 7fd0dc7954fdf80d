// What happened to a case, in sentences: all of it, or what came after the version that somebody had in front.
import { el, own, timeTag, t } from "/static/core.js";

// Reads the whole history of a case.
export async function history(id) {
  const items = [];
  let cursor = "";
  do {
    const part = await own(`/cases/${id}/timeline?limit=200${cursor && `&cursor=${cursor}`}`);
    items.push(...part.items);
    cursor = part.next;
  } while (cursor);
  return items;
}

const after = (items, version) => items.filter((item) => item.effective && item.version > version);

// Returns what took effect after a version, and the newest version.
export async function since(id, version) {
  const items = await history(id);
  return { entries: after(items, version), newest: Math.max(version, ...items.map((item) => item.version)) };
}

// Returns entries as a list, in the order in which they are given; those in `fresh` are marked as new.
export function told(items, fresh = []) {
  return el(
    "ol",
    { class: "story" },
    items.map((item) =>
      el(
        "li",
        { class: [item.effective ? "" : "vain", fresh.includes(item) ? "new" : ""].join(" ").trim() || null },
        el("span", { class: "sentence" }, item.sentence),
        el(
          "span",
          { class: "by soft small" },
          item.who,
          " · ",
          timeTag(item.true_at || item.at),
          item.late && [" · ", t("entered afterwards")],
        ),
      ),
    ),
  );
}
