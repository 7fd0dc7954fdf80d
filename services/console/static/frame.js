// The frame of every page: language and theme are switched by one click and remembered; times stay true.
import { freshen, remember } from "/static/core.js";

document.getElementById("language").addEventListener("click", (event) => {
  event.preventDefault();
  remember("lang", event.currentTarget.dataset.lang);
  const url = new URL(location.href);
  if (!url.searchParams.has("lang")) return location.reload();
  url.searchParams.delete("lang");
  location.replace(url);
});

document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  remember("theme", root.dataset.theme);
  dispatchEvent(new Event("theme"));
});

setInterval(() => { if (!document.hidden) freshen(); }, 5000);

// Whoever signs out takes along what this browser kept of their tasks; what they have done and is not sent yet stays.
document.querySelector('.own a[href="/sign-out"]')?.addEventListener("click", async (event) => {
  if (event.defaultPrevented || !window.caches) return;
  event.preventDefault();
  const { href } = event.currentTarget;
  await Promise.all(["tasks-shell", "tasks-kept"].map((name) => caches.delete(name))).catch(() => {});
  location.href = href;
});
