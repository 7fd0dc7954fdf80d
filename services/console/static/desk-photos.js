// The photos of a case, before and after, and one of them large: there an operator releases it to everybody, or withholds it.
import { el, t } from "/static/core.js";

export function gallery(it) {
  const { before, after } = it.photos || { before: [], after: [] };
  if (!before.length && !after.length) return null;
  const figure = (name, photos) => photos.length > 0 && el("figure", {}, el("figcaption", { class: "small soft" }, name), el("div", { class: "row thumbs" }, photos.filter((photo) => photo.thumb).map((photo) => el("img", { class: "thumb", src: photo.thumb, alt: name }))));
  return el("section", { class: "photos" }, figure(t("Before"), before), figure(t("After"), after));
}
