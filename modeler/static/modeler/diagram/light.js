// Lights a table with its relations and partners, an edge with its ends, or an app with its
// bundles, and dims the rest.

import { drawBundles } from "./bundles.js";
import { short, svg } from "./elements.js";
import { MAP, NAMES } from "./levels.js";
import { marksOf } from "./marks.js";
import { dashOf, lineOf, singlePathOf } from "./strands.js";

export class Light {
  /** @param {import("./painter.js").Painter} painter */
  constructor(painter) {
    this.painter = painter;
    this.lines = svg("g", { class: "er-lit-lines" });
    this.subject = null;
  }

  /** subject: {table} or {edge} or {app} of the scene, or null; lit again after a level change. */
  show(subject) {
    if (same(subject, this.subject)) return;
    this.subject = subject;
    this.draw();
  }

  draw() {
    const { painter, subject } = this;
    this.lines.remove();
    if (!subject) return painter.raise(new Set());
    const { scene } = painter;
    const unit = 1 / painter.step;
    let names = [];
    if (subject.app) {
      const bundles = scene.bundles.filter(({ from, to }) => [from, to].includes(subject.app.number));
      names = [subject.app.number, ...bundles.flatMap(({ from, to }) => [from, to])].flatMap(onMap);
      this.lines = drawBundles(bundles, scene, unit, { lit: true });
    } else {
      const edges = subject.edge ? [subject.edge] : scene.relations[subject.table.number];
      const tables = [...(subject.table ? [subject.table.number] : []), ...edges.flatMap(({ from, to }) => [from, to])];
      names = painter.level === MAP ? tables.flatMap((n) => onMap(scene.tables[n].app)) : tables.map((n) => `t${n}`);
      this.lines = drawEdges(edges, unit, painter.level);
    }
    painter.raise(new Set(names));
    painter.overlay.prepend(this.lines);
    if (painter.level === MAP) painter.overlay.prepend(...painter.overlay.querySelectorAll(":scope > [data-app]"));
  }
}

const onMap = (app) => [`a${app}`, `m${app}`];

const same = (a, b) => a?.table === b?.table && a?.edge === b?.edge && a?.app === b?.app && !a === !b;

/** Edges at full strength: a path for each style of line, and their marks. */
export const drawEdges = (edges, unit, level) => {
  const group = svg("g", { class: "er-lit-lines", "stroke-width": short(Math.max(1.6, 1.8 * unit)) });
  const styles = new Map();
  const marks = { lines: "", hollow: "" };
  for (const edge of edges) {
    const dash = edge.between ? null : dashOf(lineOf(edge), unit);
    styles.set(dash, (styles.get(dash) ?? "") + singlePathOf(edge));
    const { lines, hollow } = marksOf(edge);
    marks.lines += lines;
    marks.hollow += hollow;
  }
  for (const [dash, d] of styles) group.append(svg("path", { class: "er-line", d, "stroke-dasharray": dash }));
  if (level !== MAP && level !== NAMES) {
    group.append(svg("path", { class: "er-line", d: marks.lines }), svg("path", { class: "er-hollow", d: marks.hollow }));
  }
  return group;
};
