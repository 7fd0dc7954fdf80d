// What the feed tells goes into the order, and on the screen with the next frame: many changes are one drawing.
import { follow } from "/static/desk-feed.js";

const nothing = () => ({ changed: new Set(), fresh: new Set() });

// Keeps `order` true. `on` is told: all() when all rows were read anew, draw(fresh, changed) with ids, came(row) of each new row,
// touched(id, row) of each case that changed or, without a row, is no longer open; link(state). Returns a function that asks for a drawing.
export function live(order, on) {
  let pending = 0;
  let waiting = nothing();

  function draw() {
    const { fresh, changed } = waiting;
    [waiting, pending] = [nothing(), 0];
    on.draw(fresh, changed);
  }

  // Where nobody looks no frame comes.
  function soon() {
    if (document.hidden) draw();
    else pending ||= requestAnimationFrame(draw);
  }

  follow({
    link: on.link,
    rows(rows) {
      order.reset(rows);
      on.all();
    },
    changed(rows, gone) {
      const fresh = rows.filter((row) => !order.rows.has(row.id));
      for (const row of rows) waiting.changed.add(row.id);
      for (const row of fresh) waiting.fresh.add(row.id);
      order.change(rows, gone);
      soon();
      for (const row of fresh) on.came(row);
      for (const id of gone) on.touched(id);
      for (const row of rows) on.touched(row.id, row);
    },
  });
  return soon;
}
