// How an entry of the outbox is said to the service that owns it, from the page or from its worker in the background.

const PATIENCE_MS = 120_000;

// What was answered instead of what was hoped for; status 0: nobody of ours answered.
export class Unsent extends Error {
  constructor(status, told = {}, retryAfter = 0) {
    super(told.detail ?? "");
    Object.assign(this, { status, errors: told.errors ?? [], case: told.case, retryAfter });
  }
}

async function posted(path, { content, type, entry, key, fits }) {
  const headers = { accept: "application/json", "accept-language": entry.lang, "gridcase-page": "1", "gridcase-as": entry.by };
  if (type) headers["content-type"] = type;
  if (key) headers["idempotency-key"] = key;
  let answer, told;
  try {
    answer = await fetch(path, { method: "POST", headers, body: content, signal: AbortSignal.timeout(PATIENCE_MS), redirect: "error" });
    told = await answer.json();
  } catch {
    throw new Unsent(answer && !answer.ok ? answer.status : 0);
  }
  if (!answer.ok || answer.status === 202) throw new Unsent(answer.status, told, Number(answer.headers.get("retry-after")) || 0);
  if (!fits(told)) throw new Unsent(0); // somebody else answered, as the page to sign in to a network does
  return told;
}

export const send = {
  // Uploads a photo; returns its name.
  async photo(blob, entry) {
    if (!blob) throw new Unsent(410);
    const fits = (told) => Array.isArray(told) && typeof told[0]?.name === "string";
    return (await posted("/do/intake/photos", { content: blob, type: blob.type || "image/jpeg", entry, fits }))[0].name;
  },

  // Says the entry under its key; `late` adds when it really happened.
  act(entry, body, { late }) {
    const path = `/do/${entry.service}${entry.path.replace("{case}", entry.case)}`;
    const at = late && entry.timed ? `?at=${encodeURIComponent(new Date(entry.at * 1000).toISOString())}` : "";
    const content = body === undefined || body === null ? undefined : JSON.stringify(body);
    const fits = (told) => typeof (told?.id ?? told?.case_id) === "string";
    return posted(path + at, { content, type: content && "application/json", entry, key: entry.id, fits });
  },
};
