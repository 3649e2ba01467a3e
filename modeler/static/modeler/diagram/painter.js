// Keeps in the document what is in view, and a margin around it: nothing else. What comes and goes
// does so in short slices, what is nearest to the middle first, so that no frame is held up.

import { drawStrandMarks } from "../comparing/marks.js";
import { drawTable, costOf } from "./boxes.js";
import { calmFrom, drawBundles } from "./bundles.js";
import { svg, short } from "./elements.js";
import { drawFrame, drawMapTitle } from "./frames.js";
import { COLUMNS, KEYS, LEVELS, MAP, NAMES, levelAt, stepOf } from "./levels.js";
import { contains, grown, middle } from "./rectangle.js";
import { signal } from "./signal.js";
import { dashOf, drawn } from "./strands.js";

const MOST = 3200; // elements of the picture; the page around it has its own
const MARGINS = [0.5, 0.3, 0.15, 0];
const SLICE = 1.8; // milliseconds a frame

export class Painter {
  /** @param {SVGElement} root the picture's <svg> */
  constructor(root) {
    this.layers = Object.fromEntries(
      ["frames", "bundles", "strands", "tables", "titles"].map((name) => [name, svg("g", { class: `er-layer-${name}` })]),
    );
    this.base = svg("g", { class: "er-base" }, ...Object.values(this.layers));
    this.overlay = svg("g", { class: "er-overlay" });
    root.append(this.base, this.overlay);
    this.drawn = new Map(); // name → {node, variant}
    this.queue = [];
    this.lit = new Set(); // names that stand in the overlay
    this.levelChanged = signal();
  }

  /** Starts anew with another scene. */
  show(scene, viewport) {
    this.scene = scene;
    this.viewport = viewport;
    this.calm = calmFrom(scene);
    for (const { node } of this.drawn.values()) node.remove();
    this.drawn.clear();
    this.lit.clear();
    this.level = null;
    this.plan();
  }

  /** Tells whether the view has left what is prepared. */
  get stale() {
    const { viewport } = this;
    const level = levelAt(viewport.scale, this.scene, viewport.fitting(this.scene.bounds));
    return (
      level !== this.wantedLevel || stepOf(viewport.scale) !== this.step || !contains(this.window, this.seen())
    );
  }

  seen() {
    // What lies outside the picture is empty: no reason to prepare it.
    const { bounds } = this.scene;
    const { x, y, w, h } = this.viewport.rectangle();
    const [left, top] = [Math.max(x, bounds.x), Math.max(y, bounds.y)];
    return {
      x: left, y: top,
      w: Math.max(0, Math.min(x + w, bounds.x + bounds.w) - left),
      h: Math.max(0, Math.min(y + h, bounds.y + bounds.h) - top),
    };
  }

  /** Decides what should be in the document, and queues what must change. */
  plan() {
    const { viewport, scene } = this;
    this.step = stepOf(viewport.scale);
    this.wantedLevel = levelAt(viewport.scale, scene, viewport.fitting(scene.bounds));
    const { level, tables } = this.affordable();
    const unit = 1 / this.step;
    if (level !== this.level) {
      this.level = level;
      this.levelChanged.emit(level);
    }
    const wanted = new Map();
    const variant = level === COLUMNS ? level : `${level} ${this.step}`;
    const centre = viewport.centre();
    const add = (name, layer, item, draw) => {
      if (this.drawn.get(name)?.variant === variant) return wanted.set(name, null);
      const [x, y] = middle(item);
      const away = Math.abs(x - centre[0]) + Math.abs(y - centre[1]);
      wanted.set(name, { name, layer, variant, away, draw });
    };
    for (const number of scene.frames.within(this.window)) {
      const app = scene.apps[number];
      add(`a${number}`, "frames", app, () => drawFrame(app, level, unit, scene));
      if (level === MAP) add(`m${number}`, "titles", app, () => drawMapTitle(app, unit));
    }
    for (const number of tables) {
      const table = scene.tables[number];
      add(`t${number}`, "tables", table, () => drawTable(table, scene.apps[table.app], level, unit, scene));
    }
    if (level === MAP) {
      add("bundles", "bundles", scene.bounds, () => drawBundles(scene.bundles, scene, unit, { calm: this.calm }));
    } else {
      for (const strand of scene.strands) {
        if (meets(strand.box, this.window)) {
          add(`s${strand.number}`, "strands", strand.box, () => drawStrand(strand, level, unit));
        }
      }
    }
    this.queue = [...wanted.values()].filter(Boolean).sort((a, b) => b.away - a.away);
    this.gone = [...this.drawn.keys()].filter((name) => !wanted.has(name));
  }

  /** Draws these anew, by name: their subjects have changed. */
  redraw(names) {
    for (const name of names) {
      const entry = this.drawn.get(name);
      if (entry) entry.variant = null;
    }
    this.plan();
  }

  /** The largest margin, and if none then a lower level, whose elements are not too many. */
  affordable() {
    const { scene } = this;
    const view = this.viewport.rectangle();
    for (let at = LEVELS.indexOf(this.wantedLevel); ; at--) {
      const level = LEVELS[at];
      for (const margin of MARGINS) {
        this.window = grown(view, view.w * margin, view.h * margin);
        if (level === MAP) return { level, tables: [] };
        const tables = scene.places.within(this.window);
        const cost = tables.reduce((sum, number) => sum + costOf(scene.tables[number], level), 0);
        if (cost <= MOST) return { level, tables };
      }
    }
  }

  get busy() {
    return this.queue.length > 0 || this.gone?.length > 0;
  }

  /** Does a frame's share of what is queued. */
  work() {
    const started = performance.now();
    while (this.queue.length) {
      const { name, layer, variant, draw } = this.queue.pop();
      const before = this.drawn.get(name);
      const node = draw();
      if (before) before.node.replaceWith(node);
      else (this.lit.has(name) ? this.overlay : this.layers[layer]).append(node);
      this.drawn.set(name, { node, variant, layer });
      if (performance.now() - started > SLICE) return;
    }
    // What is no longer wanted goes last: until then it fills the gap.
    while (this.gone.length) {
      const name = this.gone.pop();
      this.drawn.get(name).node.remove();
      this.drawn.delete(name);
      if (performance.now() - started > SLICE) return;
    }
  }

  /** Moves what is drawn under these names above the rest; what was there before goes back. */
  raise(names) {
    for (const name of this.lit) {
      const entry = this.drawn.get(name);
      if (entry && !names.has(name)) this.layers[entry.layer].append(entry.node);
    }
    for (const name of names) {
      const entry = this.drawn.get(name);
      if (entry && !this.lit.has(name)) this.overlay.append(entry.node);
    }
    this.lit = names;
    this.base.classList.toggle("is-dimmed", names.size > 0);
  }
}

const meets = (a, b) => a.x <= b.x + b.w && b.x <= a.x + a.w && a.y <= b.y + b.h && b.y <= a.y + a.h;

const drawStrand = (strand, level, unit) => {
  const { line, lines, hollow } = drawn(strand);
  const width = short(Math.max(1, Math.min(unit, 5) * (level === NAMES ? 0.9 : 1)));
  const place = strand.between ? "is-between" : "is-inside";
  const group = svg("g", { class: `er-strand ${place} at-${level}${strand.change ? ` is-changed is-${strand.change}` : ""}`, "stroke-width": width });
  group.append(svg("path", { class: "er-line", d: line, "stroke-dasharray": strand.between ? null : dashOf(strand.style, unit) }));
  if (level === KEYS || level === COLUMNS) {
    group.append(svg("path", { class: "er-line", d: lines }), svg("path", { class: "er-hollow", d: hollow }));
  }
  if (strand.change && level !== NAMES) drawStrandMarks(group, strand, unit);
  return group;
};
