// All relations of one app to another one as one curve on the app map; the more, the wider.

import { short, svg } from "./elements.js";
import { exit, middle } from "./rectangle.js";
import { plateOf } from "./frames.js";
import { widthOf } from "./text.js";

const CALM = 3; // bundles an app that are drawn at full strength; the others are faint
const MANY = 300; // bundles above which the faint ones are drawn for the app under the pointer alone
const WIDTHS = [1, 1.5, 2.25, 3.25, 4.5];

const classOf = (count) => Math.min(WIDTHS.length - 1, Math.floor(Math.log2(count)));

/** The curve of a bundle: both directions bow to their own side. */
const curve = (bundle, scene, unit) => {
  const [from, to] = [scene.apps[bundle.from], scene.apps[bundle.to]];
  const [[ax, ay], [bx, by]] = [middle(from), middle(to)];
  const [dx, dy] = [bx - ax, by - ay];
  const via = [(ax + bx) / 2 - dy * 0.1, (ay + by) / 2 + dx * 0.1];
  return { start: exit(plateOf(from, unit), via), via, end: exit(plateOf(to, unit), via) };
};

const arrow = ({ via, end }, size) => {
  const [dx, dy] = [end[0] - via[0], end[1] - via[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [(dx / length) * size, (dy / length) * size];
  const [x, y] = [end[0] - ux, end[1] - uy];
  return `M${short(end[0])} ${short(end[1])}L${short(x - uy / 2)} ${short(y + ux / 2)}L${short(x + uy / 2)} ${short(y - ux / 2)}Z`;
};

const path = ({ start, via, end }) =>
  `M${start.map(short).join(" ")}Q${via.map(short).join(" ")} ${end.map(short).join(" ")}`;

/** How large a bundle must be to be drawn at full strength. */
export const calmFrom = (scene) => {
  const counts = scene.bundles.map(({ count }) => count).sort((a, b) => b - a);
  return counts[CALM * scene.apps.length] ? counts[CALM * scene.apps.length] + 1 : 1;
};

/** Draws bundles, few elements for many: one path a width and strength. */
export const drawBundles = (bundles, scene, unit, { lit = false, calm = 1 } = {}) => {
  const group = svg("g", { class: lit ? "er-bundles is-lit" : "er-bundles" });
  const paths = new Map();
  const sparse = !lit && bundles.length > MANY;
  for (const bundle of bundles) {
    if (sparse && bundle.count < calm) continue;
    const faint = !lit && bundle.count < calm;
    const name = `${classOf(bundle.count)} ${faint}`;
    const drawn = paths.get(name) ?? { width: WIDTHS[classOf(bundle.count)], faint, lines: "", arrows: "" };
    const bow = curve(bundle, scene, unit);
    drawn.lines += path(bow);
    drawn.arrows += arrow(bow, (5 + 1.6 * drawn.width) * unit);
    paths.set(name, drawn);
  }
  for (const { width, faint, lines, arrows } of [...paths.values()].sort((a, b) => b.faint - a.faint)) {
    const strength = faint ? "er-bundle is-faint" : "er-bundle";
    group.append(
      svg("path", { class: strength, d: lines, "stroke-width": short(width * unit) }),
      svg("path", { class: `${strength} is-arrow`, d: arrows }),
    );
  }
  if (lit || scene.apps.length <= 12) drawCounts(group, lit ? bundles : bundles.filter(({ count }) => count >= calm), scene, unit);
  return group;
};

const drawCounts = (group, bundles, scene, unit) => {
  const size = 11 * unit;
  for (const bundle of bundles.slice(0, 60)) {
    const { start, via, end } = curve(bundle, scene, unit);
    const [x, y] = [0, 1].map((i) => start[i] / 4 + via[i] / 2 + end[i] / 4);
    const text = `${bundle.count}`;
    const width = (widthOf(text, true) + 0.8) * size;
    group.append(
      svg("rect", { class: "er-count-plate", x: short(x - width / 2), y: short(y - size * 0.7), width: short(width), height: short(size * 1.4), rx: short(size * 0.7) }),
      svg("text", { class: "er-count", x: short(x), y: short(y + size * 0.35), "font-size": short(size) }, text),
    );
  }
};
