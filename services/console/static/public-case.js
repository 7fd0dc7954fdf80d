// The page of one case: what is kept of it on this device, its public photos, and what the reader can do.
import { el, own, relative, service, t, tickBy } from "/static/core.js";
import { acts } from "/static/public-acts.js";
import { digits, find, keep } from "/static/public-mine.js";

const EVERY = 20_000; // milliseconds between two looks
const page = document.getElementById("case");
const number = page.dataset.number;

// The key comes behind the #, which browsers send to nobody, and leaves the address at once.
const given = new URLSearchParams(location.hash.slice(1)).get("key");
if (given) {
  keep(number, { key: given, at: find(number)?.at || Date.now() });
  history.replaceState(null, "", location.pathname + location.search);
}

export const live = (root) => root.querySelectorAll("time[data-live]").forEach((tag) => { tag.how = relative; });

async function photos() {
  const box = document.getElementById("photos");
  if (!box) return;
  const pair = await service("intake", `/cases/${number}/photos`).catch(() => null);
  const sides = [[t("Before"), pair?.before], [t("After"), pair?.after]].filter(([, ones]) => ones?.length);
  box.hidden = !sides.length;
  box.querySelector(".sides").replaceChildren(
    ...sides.map(([name, ones]) =>
      el("figure", {}, el("figcaption", {}, name), ones.map((one, nth) => el("a", { href: one.url, target: "_blank", rel: "noopener" }, el("img", { src: one.thumb, loading: "lazy", alt: `${name} ${nth + 1}` }))))),
  );
}

// Brings the page up to date if it shows anything else than is told now; what somebody is writing stays.
async function look() {
  if (document.hidden) return;
  const told = await own(`/public/cases/${number}.json`).catch(() => null);
  if (!told) return;
  note(told);
  if (told.mark !== page.dataset.mark) await renew();
  page.dataset.ready = "";
}

async function renew() {
  const answer = await fetch(location.pathname, { headers: { "accept-language": document.documentElement.lang } }).catch(() => null);
  if (!answer?.ok) return;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  tickBy(made);
  const fresh = made.getElementById("case");
  for (const part of [".head", ".story"]) {
    const old = page.querySelector(part);
    const its = fresh.querySelector(part);
    if (old && its) old.replaceWith(its);
  }
  page.dataset.mark = fresh.dataset.mark;
  const moved = ["status", "rateable", "withdrawable", "sealed"].filter((name) => page.dataset[name] !== fresh.dataset[name]);
  for (const name of moved) fresh.dataset[name] === undefined ? delete page.dataset[name] : (page.dataset[name] = fresh.dataset[name]);
  live(page);
  photos();
  if (moved.length) show();
}

function note(told) {
  if (find(number)) keep(number, { seen: told.steps.length, status: told.status_text, category: told.category });
}

const joined = page.querySelector(".head a.number[href^='/public/']");
const show = () => acts(document.getElementById("acts"), page.dataset, joined ? digits(joined.getAttribute("href")) : number, () => setTimeout(look, 1500));

live(page);
show();
photos();
look();
setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
