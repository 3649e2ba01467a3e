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
    const name = `${scene.tables[edge.from].app} ${between} ${style}`;
    let strand = open.get(name);
    if (!strand || strand.edges.length >= MOST) {
      strand = { number: strands.length, style, between, edges: [], box: null };
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

/** Long lines between apps keep their corners: there are many, and rounding is not seen. */
const plainPathOf = ({ points }) => {
  let path = `M${short(points[0])} ${short(points[1])}`;
  for (let i = 2; i < points.length; i += 2) path += `L${short(points[i])} ${short(points[i + 1])}`;
  return path;
};

/** The `d` of a strand's paths: {line, lines, hollow}; lines and hollow are the marks. */
export const drawn = (strand) => {
  if (!strand.paths) {
    const paths = { line: "", lines: "", hollow: "" };
    for (const edge of strand.edges) {
      paths.line += strand.between ? plainPathOf(edge) : pathOf(edge);
      const marks = marksOf(edge);
      paths.lines += marks.lines;
      paths.hollow += marks.hollow;
    }
    strand.paths = paths;
  }
  return strand.paths;
};
