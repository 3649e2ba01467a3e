// The marks at the ends of an edge: crow's feet with optionality, triangles, diamonds.
// Lengths are units of the picture; the layout leaves STUB = 16 before every box.

import { short } from "./elements.js";

const FOOT = { long: 10, half: 5 };
const CIRCLE = { at: 13, radius: 2.8 };

/** From an end: its point, and the direction that leads away from the box. */
const compass = (x, y, dx, dy) => {
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  return (along, aside) =>
    `${short(x + ux * along - uy * aside)} ${short(y + uy * along + ux * aside)}`;
};

const bar = (to, along) => `M${to(along, -4.5)}L${to(along, 4.5)}`;

const circle = (to, along) => {
  const r = CIRCLE.radius;
  return `M${to(along - r, 0)}A${r} ${r} 0 1 1 ${to(along + r, 0)}A${r} ${r} 0 1 1 ${to(along - r, 0)}Z`;
};

const foot = (to) => {
  const { long, half } = FOOT;
  return `M${to(0, -half)}L${to(long, 0)}L${to(0, half)}`;
};

const triangle = (to) => `M${to(0, 0)}L${to(11, -6)}L${to(11, 6)}Z`;
const diamond = (to) => `M${to(0, 0)}L${to(7, -4.5)}L${to(14, 0)}L${to(7, 4.5)}Z`;

/** How many rows stand at an end, as [lines, hollow shapes]. */
const CARDINALITY = {
  "0..n": (to) => [foot(to), circle(to, CIRCLE.at)],
  "1..n": (to) => [foot(to) + bar(to, 13), ""],
  1: (to) => [bar(to, 6) + bar(to, 10), ""],
  "0..1": (to) => [bar(to, 6), circle(to, 11.5)],
};
const NOTHING = () => ["", ""];

const INHERITANCE = new Set(["parent link", "proxy"]);
const GENERIC = new Set(["generic", "generic reverse"]);

/** The marks of an edge: {lines, hollow}, each the `d` of a path. */
export const marksOf = ({ points, ends, kind }) => {
  const last = points.length;
  const [x, y, x1, y1] = points;
  const [u1, v1, u, v] = points.slice(last - 4);
  const source = compass(x, y, x1 - x, y1 - y);
  const target = compass(u, v, u1 - u, v1 - v);
  const [first, second] = [
    GENERIC.has(kind) ? ["", diamond(source)] : (CARDINALITY[ends[0]] ?? NOTHING)(source),
    INHERITANCE.has(kind) ? ["", triangle(target)] : (CARDINALITY[ends[1]] ?? NOTHING)(target),
  ];
  return { lines: first[0] + second[0], hollow: first[1] + second[1] };
};

/** One end's marks, for the legend. */
export const endMarks = (name, x, y, dx, dy) => {
  const to = compass(x, y, dx, dy);
  if (name === "triangle") return ["", triangle(to)];
  if (name === "diamond") return ["", diamond(to)];
  return (CARDINALITY[name] ?? NOTHING)(to);
};
