// The open cases as they come: all of them once, then what changes, as long as the page is there; a lost connection is told.
import { Problem, own, tick } from "/static/core.js";

const PATIENCE = [1, 2, 4, 8]; // seconds before the next try
const MOST_SILENT = 15_000; // milliseconds after which an answer that does not come counts as lost
const BREATH = 400; // milliseconds at least from one question to the next: what comes meanwhile comes together

// Follows the feed. `on` is told: rows(all), changed(rows, gone), link("live" | "lost" | "out").
export function follow(on) {
  let cursor = null;
  let failed = 0;

  async function turn() {
    const quick = AbortSignal.timeout(MOST_SILENT);
    if (cursor === null) {
      const told = await own("/desk/rows", { signal: quick });
      tick(told.now);
      cursor = told.cursor;
      on.rows(told.rows);
    } else {
      const told = await own(`/desk/changes?since=${encodeURIComponent(cursor)}`, { signal: quick });
      tick(told.now);
      cursor = told.reset ? null : told.cursor;
      if (told.changed.length || told.gone.length) on.changed(told.changed, told.gone);
    }
  }

  async function run() {
    for (;;) {
      try {
        const began = performance.now();
        await turn();
        failed = 0;
        on.link("live");
        await rest(BREATH - (performance.now() - began));
      } catch (problem) {
        if (problem instanceof Problem && [401, 403].includes(problem.status)) return on.link("out");
        if (!(problem instanceof Problem) && !["AbortError", "TimeoutError"].includes(problem.name)) throw problem;
        if (problem.status === 422) cursor = null;
        if (failed || problem.status !== 503) on.link("lost");
        await back(PATIENCE[Math.min(failed, PATIENCE.length - 1)]);
        failed += 1;
      }
    }
  }
  return run();
}

const rest = (patience) => new Promise((resolve) => { setTimeout(resolve, Math.max(0, patience)); });

// Waits for some seconds, or until the browser says that the connection is there again.
function back(patience) {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      removeEventListener("online", over);
      resolve();
    };
    const timer = setTimeout(over, patience * 1000);
    addEventListener("online", over);
  });
}
