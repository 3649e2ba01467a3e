// Tables in the hand: they move with the pointer, their lines follow in a simple way, and a faint
// copy stays where they were.

import { drawTable } from "../diagram/boxes.js";
import { svg } from "../diagram/elements.js";
import { MAP } from "../diagram/levels.js";
import { drawEdges } from "../diagram/light.js";
import { linesAfter } from "./lines.js";

const GRID = 4; // units that places are rounded to
const NEAR = 7; // pixels within which an edge snaps to that of another table

export class Dragging {
  /** @param {object} diagram @param {import("./arrangement.js").Arrangement} arrangement */
  constructor(diagram, arrangement) {
    Object.assign(this, { diagram, arrangement, taken: new Set() });
    diagram.selection.changed.on(({ keys }) => {
      for (const key of this.taken) if (!keys.has(key)) this.taken.delete(key);
    });
    this.layer = svg("g", { class: "er-drag" });
    diagram.stage.root.append(this.layer);
  }

  /** A claim of the hand: a table under the pointer, alone or with the others that are chosen. */
  claim(point, event, rested) {
    const { stage, selection } = this.diagram;
    if (stage.painter.level === MAP) return null;
    const table = stage.under(...point)?.table;
    if (!table) return null;
    const add = event.shiftKey || event.ctrlKey || event.metaKey;
    // A finger pans; what it has taken once by resting on it, it may take again.
    if (event.pointerType === "touch" && !rested && !(this.taken.has(table.key) && selection.has(table.key))) return null;
    return {
      move: (dx, dy) => {
        if (!this.moving) this.start(table);
        this.move(dx, dy);
      },
      drop: () => this.drop(),
      cancel: () => this.end(),
      tap: (tapped) => (add ? this.toggle(table.key) : this.diagram.gestures.tapped.emit(...this.diagram.gestures.at(tapped), tapped)),
      rest: () => {
        this.taken.add(table.key);
        this.toggle(table.key, true);
      },
    };
  }

  toggle(key, only = false) {
    const { selection } = this.diagram;
    const others = [...selection.keys].filter((each) => each !== key);
    selection.set(...others, ...(selection.has(key) && !only ? [] : [key]));
  }

  start(table) {
    const { stage, selection } = this.diagram;
    if (!selection.has(table.key)) selection.set(table.key);
    const { scene, painter } = stage;
    this.lead = table;
    this.moving = [...selection.keys].map((key) => scene.byKey.get(key)).filter(Boolean);
    const edges = new Set(this.moving.flatMap(({ number }) => scene.relations[number]));
    // What moves is taken out of the picture below.
    this.strands = new Map();
    for (const { strand } of edges) {
      if (this.strands.has(strand)) continue;
      this.strands.set(strand, strand.edges);
      strand.edges = strand.edges.filter((edge) => !edges.has(edge));
      strand.paths = null;
    }
    painter.redraw([...this.strands.keys()].map(({ number }) => `s${number}`));
    stage.light.show(null);
    stage.rings.classList.add("is-away");
    this.boxes = svg("g", {}, ...this.moving
      .filter(({ number }) => painter.drawn.has(`t${number}`))
      .map((each) => {
        painter.drawn.get(`t${each.number}`).node.classList.add("is-ghost");
        return drawTable(each, scene.apps[each.app], painter.level, 1 / painter.step, scene);
      }));
    this.lines = svg("g");
    this.guides = svg("g", { class: "er-guides" });
    this.layer.append(this.lines, this.boxes, this.guides);
    stage.request();
  }

  /** Moves by so many pixels from the start. */
  move(dx, dy) {
    const { stage, viewport } = this.diagram;
    const step = stage.painter.step;
    let by = [dx / viewport.scale, dy / viewport.scale].map((length) => Math.round(length / GRID) * GRID);
    by = this.snapped(by);
    this.by = by;
    this.boxes.setAttribute("transform", `translate(${by[0]} ${by[1]})`);
    const lines = linesAfter(stage.scene, this.moves());
    this.lines.replaceChildren(
      drawEdges([...lines].map(([edge, points]) => ({ ...edge, points })), 0.6 / step, stage.painter.level),
    );
  }

  moves() {
    const [dx, dy] = this.by;
    return new Map(this.moving.map((table) => [table, [table.x + dx, table.y + dy]]));
  }

  /** Brings the led table's left, middle or top to that of a table in view that is nearly there. */
  snapped([dx, dy]) {
    const { stage, viewport } = this.diagram;
    const { lead } = this;
    const near = NEAR / viewport.scale;
    const box = { x: lead.x + dx, y: lead.y + dy, w: lead.w, h: lead.h };
    const held = new Set(this.moving);
    const others = stage.scene.places.within(viewport.rectangle()).map((number) => stage.scene.tables[number]).filter((table) => !held.has(table));
    const across = nearest([box.x, box.x + box.w / 2, box.x + box.w], others.flatMap((t) => [t.x, t.x + t.w / 2, t.x + t.w]), near);
    const down = nearest([box.y, box.y + box.h], others.flatMap((t) => [t.y, t.y + t.h]), near);
    const view = viewport.rectangle();
    this.guides.replaceChildren(
      ...(across ? [svg("path", { d: `M${across.at} ${view.y}v${view.h}`, "stroke-width": 1 / viewport.scale })] : []),
      ...(down ? [svg("path", { d: `M${view.x} ${down.at}h${view.w}`, "stroke-width": 1 / viewport.scale })] : []),
    );
    return [dx + (across?.by ?? 0), dy + (down?.by ?? 0)];
  }

  drop() {
    if (!this.moving) return;
    const places = new Map([...this.moves()].map(([{ key }, place]) => [key, place]));
    this.end();
    this.arrangement.move(places);
  }

  end() {
    if (!this.moving) return;
    const { stage } = this.diagram;
    for (const { number } of this.moving) stage.painter.drawn.get(`t${number}`)?.node.classList.remove("is-ghost");
    for (const [strand, edges] of this.strands) Object.assign(strand, { edges, paths: null });
    stage.painter.redraw([...this.strands.keys()].map(({ number }) => `s${number}`));
    stage.rings.classList.remove("is-away");
    this.layer.replaceChildren();
    this.moving = null;
    stage.request();
  }
}

/** The least shift that brings one of the lines to one of the others: {by, at}, or null. */
const nearest = (lines, others, near) => {
  let best = null;
  for (const line of lines) {
    for (const at of others) {
      const by = at - line;
      if (Math.abs(by) <= (best ? Math.abs(best.by) - 1e-6 : near)) best = { by, at };
    }
  }
  return best;
};
