// A list of which only what can be seen is in the page. What somebody looks at stays where it is when rows come and go above it.
import { fill, line, time } from "/static/desk-row.js";

const BEYOND = 6; // rows kept ready above and below

// Keeps the list in `box`. `on` is told: open(id), pick(id, {all}), above(n) when rows have come above what is seen.
export function virtualList(box, on) {
  const room = document.createElement("div");
  room.className = "room";
  room.setAttribute("role", "presentation");
  box.append(room);
  const nodes = new Map();
  let rows = [];
  let index = new Map();
  let height = 68;
  let pointed = null; // the row under the pointer
  let cursor = null;
  let opened = null;
  let picked = new Set();
  let above = new Set();
  let drawing = 0;

  const first = () => Math.floor(box.scrollTop / height);
  const inSight = (at) => at !== undefined && (at + 1) * height > box.scrollTop && at * height < box.scrollTop + box.clientHeight;

  // Returns the row that must not move: the one with the cursor, the one under the pointer, else the first in sight; none at the very top.
  function anchor() {
    for (const id of [cursor, pointed]) if (id && inSight(index.get(id))) return id;
    return box.scrollTop > 4 ? (rows[first()]?.id ?? null) : null;
  }

  // Shows rows; where they are new because of what happens (`live`), what came above the fixed row is counted.
  function show(next, live = false) {
    const [fixed, before, places] = [anchor(), rows, index];
    const offset = fixed === null ? 0 : places.get(fixed) * height - box.scrollTop;
    rows = next;
    index = new Map(rows.map((row, at) => [row.id, at]));
    const near = fixed === null || index.has(fixed) ? fixed : before.slice(places.get(fixed)).find((row) => index.has(row.id))?.id;
    const kept = fixed !== null && near !== undefined;
    reach(kept ? index.get(near) * height - offset : 0);
    if (kept) box.scrollTop = index.get(near) * height - offset;
    if (kept && live) for (const row of rows.slice(0, index.get(near))) if (!(places.get(row.id) < places.get(near))) above.add(row.id);
    tell();
    draw();
  }

  // Makes the room high enough to be scrolled to `top`, also where there are few rows: else they would jump.
  function reach(top) {
    room.style.height = `${Math.max(rows.length * height, Math.round(top) > 0 ? top + box.clientHeight : 0)}px`;
  }

  function tell() {
    const top = Math.ceil(box.scrollTop / height - 0.5);
    above = new Set([...above].filter((id) => index.has(id) && index.get(id) < top));
    on.above(above.size);
  }

  function draw() {
    drawing = 0;
    const from = Math.max(0, first() - BEYOND);
    const to = Math.min(rows.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + BEYOND);
    const shown = rows.slice(from, to);
    const wanted = new Set(shown.map((row) => row.id));
    const spare = [...nodes.keys()].filter((id) => !wanted.has(id));
    shown.forEach((row, at) => place(row, from + at, spare));
    for (const id of spare) {
      nodes.get(id).remove();
      nodes.delete(id);
    }
    const active = cursor && nodes.get(cursor);
    if (active) box.setAttribute("aria-activedescendant", active.id);
    else box.removeAttribute("aria-activedescendant");
  }

  // Puts a row in its place; a line that is no longer seen is used again.
  function place(row, at, spare) {
    let node = nodes.get(row.id);
    if (!node) {
      const used = spare.pop();
      node = nodes.get(used) ?? line();
      nodes.delete(used);
      nodes.set(row.id, node);
      node.id = `row-${row.id}`;
      node.dataset.id = row.id;
      node.classList.remove("flash");
      if (!node.parentNode) room.append(node);
    }
    if (node.row !== row) {
      node.row = row;
      fill(node, row);
    }
    if (node.place !== at) {
      node.place = at;
      node.style.transform = `translateY(${at * height}px)`;
      node.setAttribute("aria-posinset", at + 1);
    }
    if (node.size !== rows.length) {
      node.size = rows.length;
      node.setAttribute("aria-setsize", rows.length);
    }
    mark(node, row.id);
  }

  function mark(node, id) {
    const is = `${id === cursor}${id === opened}${picked.has(id)}`;
    if (node.marked === is) return;
    node.marked = is;
    node.classList.toggle("cursor", id === cursor);
    node.classList.toggle("opened", id === opened);
    node.setAttribute("aria-selected", picked.has(id));
    if (id === opened) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
  }

  const soon = () => {
    drawing ||= requestAnimationFrame(draw);
  };
  box.addEventListener(
    "scroll",
    () => {
      reach(box.scrollTop);
      tell();
      soon();
    },
    { passive: true },
  );
  box.addEventListener(
    "pointermove",
    (event) => {
      pointed = event.target.closest?.(".line")?.dataset.id ?? null;
    },
    { passive: true },
  );
  box.addEventListener("pointerleave", () => {
    pointed = null;
  });
  box.addEventListener("animationend", (event) => event.target.classList.remove("flash"));
  box.addEventListener("click", (event) => {
    const id = event.target.closest(".line")?.dataset.id;
    if (!id) return;
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.target.closest(".pick")) on.pick(id, { through: event.shiftKey });
    else on.open(id);
  });
  new ResizeObserver(() => {
    const wanted = parseFloat(getComputedStyle(box).getPropertyValue("--row")) || 68;
    if (wanted !== height) {
      height = wanted;
      for (const node of nodes.values()) node.place = -1;
      reach(box.scrollTop);
    }
    draw();
  }).observe(box);

  return {
    show,
    at: (id) => index.get(id) ?? -1,
    rows: () => rows,
    inPage: () => Math.max(1, Math.floor(box.clientHeight / height) - 1),
    mark(now) {
      ({ cursor = cursor, opened = opened, picked = picked } = now);
      draw();
    },
    // Brings a row into sight, with as little movement as will do.
    reveal(id) {
      const at = index.get(id);
      if (at === undefined) return;
      const [top, end] = [at * height, (at + 1) * height];
      if (top < box.scrollTop) box.scrollTop = top;
      else if (end > box.scrollTop + box.clientHeight) box.scrollTop = end - box.clientHeight;
      draw();
    },
    top() {
      above.clear();
      box.scrollTop = 0;
      tell();
      soon();
    },
    flash(ids) {
      for (const id of ids) {
        const node = nodes.get(id);
        if (node) {
          node.classList.remove("flash");
          void node.offsetWidth;
          node.classList.add("flash");
        }
      }
    },
    tick() {
      for (const node of nodes.values()) time(node, node.row);
    },
  };
}
