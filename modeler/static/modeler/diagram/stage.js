// The canvas: puts the picture where the viewport says, lets the painter draw, and tells what lies
// under a point. Moving is one transform of the whole picture; its own coordinates never change.

import { svg } from "./elements.js";
import { distance } from "./index.js";
import { Light } from "./light.js";
import { KEYS, MAP, NAMES } from "./levels.js";
import { Painter } from "./painter.js";
import { Scene } from "./scene.js";
import { signal } from "./signal.js";

const PAUSE = 90; // milliseconds without zooming after which what is shown is made to fit
const OFTEN = 250; // and how long it may not fit while zooming goes on
const SETTLED = 180; // milliseconds after which moving has ended
const REACH = 6; // pixels beside a line that still mean it

export class Stage {
  /** @param {HTMLElement} canvas @param {import("./viewport.js").Viewport} viewport */
  constructor(canvas, viewport, selection) {
    this.viewport = viewport;
    this.selection = selection;
    this.root = svg("svg", { class: "er-picture", width: 1, height: 1, "aria-hidden": "true", focusable: "false" });
    canvas.prepend(this.root);
    this.painter = new Painter(this.root);
    this.rings = svg("g", { class: "er-rings" });
    this.root.append(this.rings);
    this.light = new Light(this.painter);
    this.shown = signal(); // a new scene
    this.settled = signal(); // moving has ended
    Object.assign(this, { frame: 0, scale: 0, zoomedAt: 0, planned: 0 });
    viewport.changed.on(() => this.moved());
    selection.changed.on(() => this.drawRings());
    this.painter.levelChanged.on((level) => canvas.setAttribute("data-level", level));
  }

  /** Draws another scene; returns when its index stands. */
  async show(data) {
    const scene = await Scene.read(data);
    this.scene = scene;
    this.light.show(null);
    this.viewport.setBounds(scene.bounds);
    this.shown.emit(scene);
    this.painter.show(scene, this.viewport);
    this.moved();
  }

  moved() {
    if (!this.scene) return;
    // A layer of its own makes moving free; when zooming it would have to be drawn anew anyway.
    const zoomed = this.scale !== this.viewport.scale;
    if (zoomed) this.zoomedAt = performance.now();
    this.scale = this.viewport.scale;
    this.root.classList.toggle("is-live", !zoomed);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.root.classList.remove("is-live");
      this.request();
      this.settled.emit();
    }, SETTLED);
    this.request();
  }

  request() {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = 0;
    const { x, y, scale } = this.viewport;
    this.root.style.transform = `translate(${-x * scale}px, ${-y * scale}px) scale(${scale})`;
    const { painter } = this;
    const { step } = painter;
    const now = performance.now();
    const pausing = now - this.zoomedAt > PAUSE;
    if (painter.stale && (pausing || now - this.planned > OFTEN)) {
      this.planned = now;
      painter.plan();
      if (painter.step !== step) {
        this.drawRings();
        this.light.draw();
      }
    }
    if (painter.busy) {
      painter.work();
      this.request();
    }
  }

  drawRings() {
    if (!this.scene) return;
    const unit = 1 / this.painter.step;
    const gap = 3 * Math.max(1, unit);
    this.rings.replaceChildren(
      ...[...this.selection.keys]
        .map((key) => this.scene.byKey.get(key))
        .filter(Boolean)
        .map(({ x, y, w, h }) =>
          svg("rect", {
            class: "er-ring", x: x - gap, y: y - gap, width: w + 2 * gap, height: h + 2 * gap,
            rx: 5 + gap, "stroke-width": 2.5 * Math.max(1, unit),
          }),
        ),
    );
  }

  /** What lies under a point of the canvas: {table} or {edge} or {app}, or null. */
  under(px, py) {
    const { scene, painter } = this;
    if (!scene) return null;
    const [x, y] = this.viewport.toPicture(px, py);
    const app = scene.frames.at(x, y).map((number) => scene.apps[number])[0];
    if (painter.level === MAP) return app ? { app } : null;
    const table = scene.places.at(x, y).map((number) => scene.tables[number])[0];
    if (table) return { table };
    // At a low zoom lines between apps are faint; what is hard to see should not catch the pointer.
    const quiet = painter.level === NAMES || painter.level === KEYS;
    const reach = REACH / this.viewport.scale;
    let [nearest, least] = [null, reach * reach];
    for (const number of scene.ways.at(x, y, reach)) {
      const edge = scene.edges[number];
      if (quiet && edge.between && painter.level === NAMES) continue;
      const away = distance(edge.points, x, y);
      if (away < least) [nearest, least] = [edge, away];
    }
    return nearest ? { edge: nearest } : null;
  }

  /** Flies to a table so that it can be read; `covered` pixels at the bottom are not free. */
  flyTo(table, covered = 0) {
    const { viewport } = this;
    const scale = Math.min(1, Math.max(0.85, viewport.scale), viewport.fitting(table, 16));
    const goal = Math.max(scale, 0.5);
    viewport.flyTo(table.x + table.w / 2, table.y + table.h / 2 + covered / 2 / goal, goal);
  }
}
