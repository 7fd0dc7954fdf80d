// What must not be missed: emergencies that come in, told aloud to screen readers and by a sound where it is wanted; and a lost connection.
import { announce, el, t } from "/static/core.js";
import { category, fullPlace } from "/static/desk-words.js";

const SOUND = "desk-sound";

// Returns a function that takes each new emergency; `open(id)` opens a case.
export function emergencies(live, button, open) {
  let on = localStorage.getItem(SOUND) === "on";
  let audio = null;
  const shown = () => button.setAttribute("aria-pressed", String(on));
  button.addEventListener("click", () => {
    on = !on;
    localStorage.setItem(SOUND, on ? "on" : "off");
    shown();
    if (on) sound();
  });
  shown();

  function sound() {
    audio ||= new AudioContext();
    for (const [at, tone] of [
      [0, 880],
      [0.18, 660],
    ]) {
      const [voice, loudness] = [audio.createOscillator(), audio.createGain()];
      voice.frequency.value = tone;
      loudness.gain.setValueAtTime(0.15, audio.currentTime + at);
      loudness.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + 0.16);
      voice.connect(loudness).connect(audio.destination);
      voice.start(audio.currentTime + at);
      voice.stop(audio.currentTime + at + 0.17);
    }
  }

  const told = new Set();
  return (row) => {
    if (told.has(row.id)) return;
    told.add(row.id);
    const said = t("Emergency: {what}, {place}", { what: category(row), place: fullPlace(row) || "–" });
    live.textContent = said;
    const toast = announce(said, "bad", 20000);
    toast.classList.add("alarm");
    toast.insertBefore(
      el(
        "button",
        {
          type: "button",
          class: "button",
          onclick: () => {
            open(row.id);
            toast.remove();
          },
        },
        t("Open the case"),
      ),
      toast.lastChild,
    );
    if (on) sound();
  };
}

// Returns a function that takes how the connection is: "live", "lost" or "out" (the session has run out).
export function linkState(box) {
  let state = "";
  return (now) => {
    if (now === state) return;
    const before = state;
    state = now;
    box.className = `desk-link ${now}`;
    if (now === "live") box.replaceChildren(el("span", { class: "dot" }), before === "lost" ? t("Connected again") : t("Live"));
    if (now === "lost") box.replaceChildren(el("span", { class: "dot" }), t("Connection lost, trying again"));
    if (now === "out")
      box.replaceChildren(
        el("span", { class: "dot" }),
        el("a", { href: `/sign-in?to=${encodeURIComponent(location.pathname + location.search)}` }, t("Sign in again")),
      );
    if (now === "live" && before === "lost")
      setTimeout(() => {
        if (state === "live") box.replaceChildren(el("span", { class: "dot" }), t("Live"));
      }, 5000);
  };
}
