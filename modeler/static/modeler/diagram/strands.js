// Edges of one style that start in one app, drawn as one path: a thousand edges are some dozens of
// elements. Single edges are drawn only where one is lit.

import { short } from "./elements.js";
import { marksOf } from "./marks.js";
import { union } from "./rectangle.js";
import { inSlices } from "./slices.js";

const MOST = 120; // edges a strand, so that a strand is made in well under a frame
const ROUND = 5;

/** How an edge's line looks: dashed where the database enforces nothing, dotted for a shortcut. */
export const lineOf = ({ kind, loose }) => {
  if (kind === "through") return "is-through";
  return kind === "proxy" || loose ? "is-loose" : "is-firm";
};

/** Resolves to the scene's strands: {style, between, edges, box}; paths are made when first shown. */
export const strandsOf = async (scene) => {
  const open = new Map();
  const strands = [];
  await inSlices(scene.edges, (edge) => {
    const between = Boolean(edge.between);
    const style = lineOf(edge);
    const change = edge.change ?? "";
    const name = `${scene.tables[edge.from].app} ${between} ${style} ${change}`;
    let strand = open.get(name);
    if (!strand || strand.edges.length >= MOST) {
      strand = { number: strands.length, style, between, change, edges: [], box: null };
      strands.push(strand);
      open.set(name, strand);
    }
    strand.edges.push(edge);
    edge.strand = strand;
  });
  for (const strand of strands) strand.box = union(strand.edges.map((edge) => edge.box));
  return strands;
};

/** The line of an edge as the `d` of a path, its corners rounded. */
export const pathOf = ({ points }) => {
  let path = `M${short(points[0])} ${short(points[1])}`;
  for (let i = 2; i < points.length - 2; i += 2) {
    const [x, y] = [points[i], points[i + 1]];
    const before = [x - points[i - 2], y - points[i - 1]];
    const after = [points[i + 2] - x, points[i + 3] - y];
    const [a, b] = [Math.hypot(...before), Math.hypot(...after)];
    const round = Math.min(ROUND, a / 2, b / 2);
    if (round < 1) {
      path += `L${short(x)} ${short(y)}`;
      continue;
    }
    const start = `${short(x - (before[0] / a) * round)} ${short(y - (before[1] / a) * round)}`;
    const end = `${short(x + (after[0] / b) * round)} ${short(y + (after[1] / b) * round)}`;
    path += `L${start}Q${short(x)} ${short(y)} ${end}`;
  }
  return `${path}L${short(points.at(-2))} ${short(points.at(-1))}`;
};

/**
 * Lines between apps are long and many: their corners stay, and what is dashed is so near the ends
 * alone. A browser that dashes thousands of long lines by itself is busy for seconds.
 */
const longPathOf = ({ points }, style) => {
  if (style === "is-firm") return straight(points);
  const [on, off] = style === "is-through" ? [1.5, 3.5] : [6, 4];
  const length = lengthOf(points);
  if (length < 4 * NEAR) return dashes(points, 0, length, on, off);
  return (
    dashes(points, 0, NEAR, on, off) +
    dashes(points, NEAR, length - NEAR, length, 0) +
    dashes(points, length - NEAR, length, on, off)
  );
};

const NEAR = 90;

const straight = (points) => {
  let path = `M${short(points[0])} ${short(points[1])}`;
  for (let i = 2; i < points.length; i += 2) path += `L${short(points[i])} ${short(points[i + 1])}`;
  return path;
};

const lengthOf = (points) => {
  let length = 0;
  for (let i = 2; i < points.length; i += 2) length += Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]);
  return length;
};

/** The parts of a polyline from one length to another that a dash pattern leaves. */
const dashes = (points, from, to, on, off) => {
  let path = "";
  for (let start = from; start < to; start += on + off) {
    path += straight(between(points, start, Math.min(start + on, to)));
  }
  return path;
};

/** The piece of a polyline between two lengths along it. */
const between = (points, from, to) => {
  const piece = [];
  let passed = 0;
  for (let i = 2; i < points.length; i += 2) {
    const [ax, ay, bx, by] = points.slice(i - 2, i + 2);
    const length = Math.hypot(bx - ax, by - ay);
    const at = (far) => [ax + ((bx - ax) * (far - passed)) / length, ay + ((by - ay) * (far - passed)) / length];
    if (length && from < passed + length && to > passed) {
      if (!piece.length) piece.push(...at(Math.max(from, passed)));
      piece.push(...at(Math.min(to, passed + length)));
    }
    passed += length;
  }
  return piece;
};

/** Dashes as wide as the zoom asks for; none where they would be too small or too many to see. */
export const dashOf = (style, unit) => {
  const pattern = { "is-loose": [6, 4], "is-through": [1.5, 3.5] }[style];
  return pattern ? pattern.map((length) => short(length * Math.max(1, unit))).join(" ") : null;
};

/** The `d` of a strand's paths: {line, lines, hollow}; lines and hollow are the marks. */
export const drawn = (strand) => {
  if (!strand.paths) {
    const paths = { line: "", lines: "", hollow: "" };
    for (const edge of strand.edges) {
      paths.line += strand.between ? longPathOf(edge, strand.style) : pathOf(edge);
      const marks = marksOf(edge);
      paths.lines += marks.lines;
      paths.hollow += marks.hollow;
    }
    strand.paths = paths;
  }
  return strand.paths;
};

/** A single line at full strength, dashed by itself where it is short enough. */
export const singlePathOf = (edge) => (edge.between ? longPathOf(edge, lineOf(edge)) : pathOf(edge));
