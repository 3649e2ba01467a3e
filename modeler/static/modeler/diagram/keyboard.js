// Keys on the canvas: moving and zooming, choosing a table, walking along relations. A live region
// says where a step has led.

import { middle } from "./rectangle.js";
import { MAP } from "./levels.js";
import { Walk } from "./walk.js";
import { count, say } from "./words.js";

const STEP = 80; // pixels an arrow key moves the view
const DIRECTIONS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

export class Keyboard {
  constructor(canvas, { viewport, stage, selection, panel, live, fit }) {
    Object.assign(this, { canvas, viewport, stage, selection, panel, live, fit });
    canvas.addEventListener("keydown", (event) => {
      if (event.target !== canvas || event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.key(event)) event.preventDefault();
    });
    canvas.addEventListener("focus", () => this.lightCurrent());
    canvas.addEventListener("blur", () => stage.light.show(null));
    stage.shown.on((scene) => (this.walk = new Walk(scene)));
  }

  key({ key, shiftKey }) {
    const { viewport } = this;
    const plain = {
      "+": () => viewport.zoomAt(1.25), "=": () => viewport.zoomAt(1.25), "-": () => viewport.zoomAt(0.8),
      0: () => this.fit(), Home: () => this.fit(), 1: () => viewport.zoomAt(1 / viewport.scale),
      Enter: () => this.enter(), " ": () => this.enter(), Escape: () => this.escape(),
    }[key];
    if (plain) {
      plain();
      return true;
    }
    const direction = DIRECTIONS[key];
    if (!direction) return false;
    const table = this.current();
    if (table && !shiftKey) this.step(table, direction);
    else viewport.panBy(STEP * ((key === "ArrowLeft") - (key === "ArrowRight")), STEP * ((key === "ArrowUp") - (key === "ArrowDown")));
    return true;
  }

  current() {
    return this.stage.scene?.byKey.get(this.selection.current) ?? null;
  }

  lightCurrent() {
    const table = this.current();
    if (table && this.canvas.matches(":focus-visible")) this.stage.light.show({ table });
  }

  step(table, direction) {
    const step = this.walk.step(table, direction);
    if (!step) {
      this.live.textContent = say(`end-${direction}`, { table: table.key });
      return;
    }
    this.goTo(step.table, step.edge);
  }

  goTo(table, edge = null) {
    this.selection.set(table.key);
    this.stage.light.show({ table });
    this.stage.flyTo(table);
    this.live.textContent = [this.describe(table), edge ? say("moved", { relation: edge.key, table: table.key }) : ""].filter(Boolean).join("; ");
  }

  describe(table) {
    return [
      table.key,
      count("columns", table.rows.length + table.hidden),
      count("relations", this.stage.scene.relations[table.number].length),
    ].join(", ");
  }

  /** Enter chooses: an app on the map, the table in the middle, or opens the chosen table's panel. */
  enter() {
    const { scene, painter } = this.stage;
    const table = this.current();
    if (table) return this.panel.open(table.key, { focus: true });
    const [x, y] = this.viewport.centre();
    const nearest = (places) => [...places].sort((a, b) => away(a, x, y) - away(b, x, y))[0];
    if (painter.level === MAP && scene.apps.length > 1) {
      const app = nearest(scene.apps);
      this.viewport.flyToRectangle(app, 0.5);
      this.live.textContent = say("inApp", { app: app.title, tables: count("tables", app.tables) });
    } else if (scene.tables.length) {
      this.goTo(nearest(scene.tables));
    }
  }

  escape() {
    if (this.panel.isOpen) return this.panel.close();
    this.selection.clear();
    this.stage.light.show(null);
  }
}

const away = (place, x, y) => {
  const [cx, cy] = middle(place);
  return (cx - x) ** 2 + (cy - y) ** 2;
};
