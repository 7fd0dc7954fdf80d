// The photos of a case, before and after, and one of them large: there an operator releases it, areas blacked out, or withholds it.
import { act, announce, el, exact, m, t } from "/static/core.js";

const STEPS = {
  report: m("With the report"),
  supplement: m("Added by the reporter"),
  on_site: m("From the place"),
  result: m("The result"),
};

// Whether a photo is kept here; one of another system is only an address, and pages load nothing from elsewhere.
const ours = (photo) => !photo.name.includes(":");

// Returns the photos as small pictures, or nothing; `me` says whether they may be released.
export function gallery(it, me) {
  const { before, after } = it.photos || { before: [], after: [] };
  const all = [...before, ...after].filter(ours);
  if (![...before, ...after].some((photo) => photo.url)) return null;
  const elsewhere = (photo) => el("a", { href: photo.url, target: "_blank", rel: "noopener noreferrer" }, t("Photo on another site"));
  const small = (photo) =>
    el(
      "button",
      { type: "button", class: "shot", onclick: () => large(all, all.indexOf(photo), it, me) },
      el("img", { class: "thumb", src: photo.thumb, alt: t(STEPS[photo.step]), loading: "lazy" }),
    );
  const figure = (name, photos) =>
    photos.some((photo) => photo.url) &&
    el(
      "figure",
      {},
      el("figcaption", { class: "small soft" }, name),
      el("div", { class: "row" }, photos.filter((photo) => photo.url).map((photo) => (ours(photo) ? small(photo) : elsewhere(photo)))),
    );
  return el("section", { class: "photos" }, figure(t("Before"), before), figure(t("After"), after));
}

const decides = (it, me) => !it.confidential && me.roles.some((role) => ["operator", "supervisor"].includes(role));

// Shows one photo large; the arrow keys go to the next.
function large(photos, at, it, me) {
  const image = el("img", { alt: "" });
  const frame = el("div", { class: "frame" }, image);
  const caption = el("p", { class: "grow small" });
  const tools = el("div", { class: "row end" });
  const step = (by) => show((at + by + photos.length) % photos.length);
  const dialog = el(
    "dialog",
    { class: "large", "aria-label": t("Photo") },
    el(
      "div",
      { class: "row" },
      caption,
      photos.length > 1 && [
        el("button", { type: "button", class: "icon", "aria-label": t("Photo before"), onclick: () => step(-1) }, "‹"),
        el("button", { type: "button", class: "icon", "aria-label": t("Next photo"), onclick: () => step(1) }, "›"),
      ],
      el("button", { type: "button", class: "icon", "aria-label": t("Close"), onclick: () => dialog.close() }, "×"),
    ),
    frame,
    tools,
  );

  function show(next) {
    at = next;
    const photo = photos[at];
    image.src = photo.url;
    image.alt = t(STEPS[photo.step]);
    caption.textContent = `${t(STEPS[photo.step])} · ${exact(photo.at)} · ${at + 1}/${photos.length}`;
    frame.querySelectorAll(".black").forEach((black) => black.remove());
    tools.replaceChildren(...(decides(it, me) ? deciding(photo) : []));
  }

  // Black areas are drawn on the picture; they go with the release, in shares of its width and height.
  function deciding(photo) {
    const areas = blacking(frame, image);
    const said = (sentence) => {
      announce(sentence, "good", 4000);
      dialog.close();
    };
    const attempt = async (path, body, sentence) => {
      try {
        await act("intake", `/photos/${photo.name}/${path}`, body);
        said(sentence);
      } catch (problem) {
        announce(problem.message, "bad");
      }
    };
    const why = el("input", {
      class: "input",
      "aria-label": t("Why it is not for everybody"),
      placeholder: t("Why it is not for everybody"),
    });
    return [
      el("p", { class: "note grow" }, t("Drag over faces and number plates to black them out before the photo becomes public.")),
      el("button", { type: "button", class: "button", onclick: () => areas.undo() }, t("Take back the last area")),
      el(
        "button",
        {
          type: "button",
          class: "button primary",
          onclick: () => attempt("release", { hide: areas.all() }, t("The photo is public now.")),
        },
        t("Show to everybody"),
      ),
      el(
        "form",
        {
          class: "row grow",
          onsubmit: (event) => {
            event.preventDefault();
            if (!why.value.trim()) why.focus();
            else attempt("withholding", { reason: why.value.trim() }, t("The photo is for staff alone now."));
          },
        },
        why,
        el("button", { class: "button danger" }, t("Withhold")),
      ),
    ];
  }

  dialog.addEventListener("keydown", (event) => {
    if (event.target.closest("input")) return;
    if (event.key === "ArrowRight") step(1);
    if (event.key === "ArrowLeft") step(-1);
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  show(at);
  dialog.showModal();
}

// Lets rectangles be drawn on a picture.
function blacking(frame, image) {
  const drawn = [];
  const share = (event) => {
    const box = image.getBoundingClientRect();
    return [
      Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)),
      Math.min(1, Math.max(0, (event.clientY - box.top) / box.height)),
    ];
  };
  image.draggable = false;
  frame.onpointerdown = (event) => {
    if (event.target !== image) return;
    event.preventDefault();
    const from = share(event);
    const black = el("div", { class: "black" });
    const area = { left: from[0], top: from[1], right: from[0], bottom: from[1] };
    frame.append(black);
    frame.onpointermove = (next) => {
      const to = share(next);
      Object.assign(area, {
        left: Math.min(from[0], to[0]),
        right: Math.max(from[0], to[0]),
        top: Math.min(from[1], to[1]),
        bottom: Math.max(from[1], to[1]),
      });
      const [box, outer] = [image.getBoundingClientRect(), frame.getBoundingClientRect()];
      Object.assign(black.style, {
        left: `${box.left - outer.left + area.left * box.width}px`,
        top: `${box.top - outer.top + area.top * box.height}px`,
        width: `${(area.right - area.left) * box.width}px`,
        height: `${(area.bottom - area.top) * box.height}px`,
      });
    };
    frame.onpointerup = () => {
      frame.onpointermove = frame.onpointerup = null;
      if (area.right - area.left < 0.01 || area.bottom - area.top < 0.01) black.remove();
      else drawn.push({ black, area });
    };
  };
  return { all: () => drawn.map(({ area }) => area), undo: () => drawn.pop()?.black.remove() };
}
