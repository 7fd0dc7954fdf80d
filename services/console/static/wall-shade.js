// The shades of the map: how dark a value is, up to which limits, and the legend that says so.
import { el, number, t } from "/static/core.js";
import { shown, step } from "/static/wall-figures.js";

const STEPS = 5;
export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
export const mixed = (name, part) => {
  const [a, b] = [channels(token(name)), channels(token("sheet"))];
  return `rgb(${a.map((one, at) => Math.round(one * part + b[at] * (1 - part))).join(",")})`;
};
export const tint = (step) => 0.1 + 0.16 * step;

// Returns up to STEPS limits, each as round as it can be, so that the legend can be read.
export function limits(values, kind) {
  const most = Math.max(0, ...values);
  if (most === 0) return [];
  const unit = step(kind, most, STEPS);
  return Array.from({ length: Math.ceil(most / unit - 1e-9) }, (_, at) => (at + 1) * unit);
}

// Returns the square kilometres of a grid.
export function square(rings) {
  const [lat0] = rings[0][0];
  const [ky, kx] = [111.195, 111.195 * Math.cos((lat0 * Math.PI) / 180)];
  const one = (ring) => Math.abs(ring.reduce(
    (sum, [lat, lon], at) => {
      const [lat2, lon2] = ring[(at + 1) % ring.length];
      return sum + lon * kx * lat2 * ky - lon2 * kx * lat * ky;
    },
    0,
  )) / 2;
  return Math.max(0.001, rings.slice(1).reduce((sum, ring) => sum - one(ring), one(rings[0])));
}

export function legend(heat, steps) {
  const swatch = (step, text) => {
    const colour = el("i", {});
    colour.style.background = mixed(heat.colour, step ? tint(step) : 0);
    return el("span", { class: "step" }, colour, text);
  };
  const all = steps.map((limit, at) => swatch(
    at + 1,
    t("to {value}", { value: heat.kind === "cases" ? number(limit) : shown(heat.kind, limit) }),
  ));
  return [swatch(0, heat.kind === "time" ? t("no value") : shown(heat.kind, 0)), ...all];
}
