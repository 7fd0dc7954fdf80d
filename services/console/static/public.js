// The public lists: filters without a new page, the map beside them, what is near, and the reader's own reports.
import { announce, el, own, relative, t, tickBy } from "/static/core.js";
import { showMine } from "/static/public-own.js";

const $ = (id) => document.getElementById(id);
const WIDE = matchMedia("(min-width: 64rem)");
const MOST = 1000; // points on the map
let map = null; // {points, map} once it was asked for
let opened = false;

function begin() {
  document.querySelectorAll("time[data-live]").forEach((tag) => { tag.how = relative; });
  document.querySelector(".lists [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  if ($("mine")) showMine($("mine"));
  const filters = $("filters");
  if (!filters) return;
  filters.addEventListener("change", () => go(wanted(filters)));
  filters.addEventListener("submit", (event) => { event.preventDefault(); go(wanted(filters)); });
  if (!$("near")) return;
  $("near").hidden = $("show-map").hidden = false;
  $("near").addEventListener("click", near);
  $("show-map").addEventListener("click", () => ($("map").hidden ? openMap() : closeMap()));
  if (opened || WIDE.matches) openMap();
}

const wanted = (filters) => {
  const query = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value));
  return `/public?${query}`;
};

// Shows another list in place of this one: the page is made by the server, as for everybody.
async function go(url, push = true) {
  const answer = await fetch(url, { headers: { "accept-language": document.documentElement.lang } }).catch(() => null);
  if (!answer?.ok) return location.assign(url);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  tickBy(fresh);
  const focused = document.activeElement?.id;
  document.querySelector(".lists").replaceWith(fresh.querySelector(".lists"));
  const old = $("filters");
  const made = fresh.getElementById("filters");
  if (old && made) old.replaceWith(made);
  $("results").replaceWith(fresh.getElementById("results"));
  if (push) history.pushState({}, "", url);
  begin();
  if (focused) $(focused)?.focus();
}

addEventListener("popstate", () => location.reload());

document.addEventListener("click", (event) => {
  const link = event.target.closest(".lists a, .pager a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !["open", "overdue", "done"].includes(shown(link.href)) || !$("filters")?.querySelector("#near")) return;
  event.preventDefault();
  go(link.href).then(() => { if (link.closest(".pager")) $("results").scrollIntoView(); });
});

const shown = (url) => new URL(url, location.origin).searchParams.get("show") || "open";

// -- near me

function near() {
  const url = new URL(location.href);
  if (url.searchParams.has("near")) {
    url.searchParams.delete("near");
    return go(url.pathname + url.search);
  }
  const failed = () => announce(t("This device does not tell its position; choose the place in the menu."), "bad");
  if (!navigator.geolocation) return failed();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      url.searchParams.set("near", `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`);
      url.searchParams.delete("page");
      go(url.pathname + url.search);
    },
    failed,
    { timeout: 15_000, maximumAge: 300_000 },
  );
}

// -- the map

function closeMap() {
  opened = false;
  $("map").hidden = true;
  $("show-map").setAttribute("aria-expanded", "false");
}

async function openMap() {
  opened = true;
  $("show-map").setAttribute("aria-expanded", "true");
  $("map").hidden = false;
  if (!map) map = makeMap().catch(() => { map = null; closeMap(); });
  const made = await map;
  if (!made) return;
  const query = new URLSearchParams(location.search);
  query.set("limit", MOST);
  query.delete("page");
  const told = await own(`/public/cases.json?${query}`).catch(() => null);
  if (!told) return;
  made.points.show(told.items.filter((one) => one.lat !== null).map((one) => ({ id: one.number, lat: one.lat, lon: one.lon, kind: KINDS[one.state], title: `${one.category}, ${one.status_text}`, one })));
}

const KINDS = { over: "over", open: "calm", stands: "stands", done: "good" };

async function makeMap() {
  const sheet = el("link", { rel: "stylesheet", href: "/static/map.css" });
  const styled = new Promise((done) => { sheet.onload = done; sheet.onerror = done; });
  document.head.append(sheet);
  const [{ cityMap, clusters }, city] = await Promise.all([import("/static/map.js"), own("/pages/city"), styled]);
  const shownMap = cityMap($("map"), city, { label: t("Map of the cases"), names: false });
  return { points: clusters(shownMap, picked), map: shownMap };
}

function picked(points) {
  if (points.length === 1) return location.assign(`/public/${points[0].id.replace(/\s/g, "")}`);
  const list = el("ul", { class: "cases" }, points.map(({ one }) => el("li", { class: one.state }, el("a", { href: `/public/${one.number.replace(/\s/g, "")}` }, el("span", { class: `dot ${one.state}` }), el("span", { class: "what" }, el("b", {}, one.category), el("span", { class: "soft" }, `${one.status_text} · ${one.number}`))))));
  const dialog = el("dialog", { "aria-label": t("Cases at this place"), onclose: () => dialog.remove() }, list, el("p", {}, el("button", { type: "button", class: "button", onclick: () => dialog.close() }, t("Close"))));
  document.body.append(dialog);
  dialog.showModal();
}

begin();
