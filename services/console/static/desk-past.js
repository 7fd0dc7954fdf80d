// What the history of a case says of how it stands, where the case itself does not tell it. Pure.

const UNSOLVED = (item) => ["case.rated", "callback.recorded"].includes(item.type) && item.facts.solved === false;

// Returns what holds now: verified, published, objected, insisted, looks (somebody is asked to look before filing).
export function standing(story) {
  const found = { verified: false, published: false, objected: false, insisted: false, looks: false };
  for (const item of story) {
    if (!item.effective) continue;
    if (item.type === "work.completed") Object.assign(found, { verified: false, published: false });
    if (item.type === "resolution.verified") found.verified = true;
    if (["resolution.rejected", "case.reopened"].includes(item.type))
      Object.assign(found, { verified: false, published: false, objected: false });
    if (item.type === "outcome.published") found.published = true;
    if (item.status === "closed" && UNSOLVED(item)) found.objected = true;
    if (item.type === "objection.decided") found.objected = false;
    if (item.type === "case.assigned") found.insisted = Boolean(item.facts.insists);
    if (["case.transferred", "case.reclassified"].includes(item.type)) found.insisted = false;
    if (item.type === "verification.requested") found.looks = true;
    else if (item.status !== "reported") found.looks = false;
  }
  return found;
}
