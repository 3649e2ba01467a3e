// The sign of a change: plus, minus, tilde or arrow on a plate of its colour, so that the colour
// never says it alone. In the picture, on its lines, and in the list.

import { short, svg } from "../diagram/elements.js";

export const KINDS = ["added", "removed", "renamed", "altered"];

/** The strokes of a sign around a point, `size` units wide. */
const strokes = {
  added: (x, y, r) => `M${short(x - r)} ${short(y)}H${short(x + r)}M${short(x)} ${short(y - r)}V${short(y + r)}`,
  removed: (x, y, r) => `M${short(x - r)} ${short(y)}H${short(x + r)}`,
  altered: (x, y, r) => `M${short(x - r)} ${short(y + r * 0.3)}q${short(r / 2)} ${short(-r)} ${short(r)} ${short(-r * 0.3)}t${short(r)} ${short(-r * 0.3)}`,
  renamed: (x, y, r) => `M${short(x - r)} ${short(y)}H${short(x + r)}M${short(x + r * 0.2)} ${short(y - r * 0.8)}L${short(x + r)} ${short(y)}L${short(x + r * 0.2)} ${short(y + r * 0.8)}`,
};

const plate = (x, y, r) => `M${short(x - r)} ${short(y)}a${short(r)} ${short(r)} 0 1 0 ${short(2 * r)} 0a${short(r)} ${short(r)} 0 1 0 ${short(-2 * r)} 0Z`;

/** A sign on its plate: the paths of some of one kind at once. */
export const drawSigns = (kind, points, radius) => {
  const [plates, lines] = [points.map(([x, y]) => plate(x, y, radius)).join(""), points.map(([x, y]) => strokes[kind](x, y, radius * 0.52)).join("")];
  return svg("g", { class: `er-sign is-${kind}` },
    svg("path", { class: "er-sign-plate", d: plates }),
    svg("path", { class: "er-sign-line", d: lines, "stroke-width": short(radius * 0.28) }));
};

/** The sign for a text, as an image of its own. */
export const signImage = (kind) =>
  svg("svg", { class: "er-sign-image", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", focusable: "false" }, drawSigns(kind, [[8, 8]], 7.5));
