// Keeps the figures fresh: asks for the changing part of the page, and puts it in only where something changed.
"use strict";

const now = document.getElementById("now");
const stale = document.getElementById("stale");
const EVERY_MS = 4000;
let shown = null;

function say(lost) {
  stale.textContent = lost ? stale.dataset.text : "";
  stale.hidden = !lost;
}

// Replaces only the sections that differ, and keeps how far a table was scrolled.
function put(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  if (fresh.children.length !== now.children.length) {
    now.replaceChildren(...fresh.children);
    return;
  }
  [...fresh.children].forEach((section, index) => {
    const old = now.children[index];
    if (old.innerHTML === section.innerHTML || old.contains(document.activeElement)) return;
    const scrolled = [...old.querySelectorAll(".wide")].map((table) => table.scrollLeft);
    old.replaceWith(section);
    section.querySelectorAll(".wide").forEach((table, at) => { table.scrollLeft = scrolled[at] || 0; });
  });
}

async function refresh() {
  if (!document.hidden) {
    try {
      const answer = await fetch(now.dataset.from, { signal: AbortSignal.timeout(10000) });
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (html !== shown) put(html);
      shown = html;
      say(false);
    } catch {
      say(true);
    }
  }
  setTimeout(refresh, EVERY_MS);
}

setTimeout(refresh, EVERY_MS);
