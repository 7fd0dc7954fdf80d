// What the feed tells goes into the order, and on the screen with the next frame: many changes are one drawing.
import { follow } from "/static/desk-feed.js";

// Keeps `order` true. `on` is told: all() when all rows were read anew, draw(changed) with ids, came(row) of each new emergency,
// touched(id, row) of each case that changed or, without a row, is no longer open; link(state). Returns a function that asks for a drawing.
export function live(order, on) {
  let pending = 0;
  let waiting = new Set();

  function draw() {
    const changed = waiting;
    [waiting, pending] = [new Set(), 0];
    on.draw(changed);
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
      const alarms = rows.filter((row) => row.g === "emergency" && order.rows.get(row.id)?.g !== "emergency");
      for (const row of rows) waiting.add(row.id);
      order.change(rows, gone);
      soon();
      for (const row of alarms) on.came(row);
      for (const id of gone) on.touched(id);
      for (const row of rows) on.touched(row.id, row);
    },
  });
  return soon;
}
