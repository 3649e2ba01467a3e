// What can be done with the chosen tables: the bar with its alignments, and the keys.

import { say } from "../diagram/words.js";
import { aligned, distributed } from "./align.js";

const STEP = 20; // units that Alt and an arrow key move
const FINE = 4; // with Shift
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Choice {
  /** @param {HTMLElement} bar */
  constructor(diagram, arrangement, bar) {
    Object.assign(this, { diagram, arrangement, bar, marked: new Set(), walking: false });
    diagram.selection.changed.on(() => {
      this.keepMarked();
      this.show();
    });
    const { canvas } = diagram;
    canvas.addEventListener("keydown", (event) => {
      this.walking = event.key.startsWith("Arrow") || event.key === "Enter";
      setTimeout(() => (this.walking = false));
    }, { capture: true });
    canvas.addEventListener("keydown", (event) => this.key(event));
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("[data-align], [data-spread]");
      if (button?.dataset.align) this.align(button.dataset.align);
      else if (button) this.spread(button.dataset.spread);
    });
    this.show();
  }

  tables() {
    const { selection, stage } = this.diagram;
    return [...selection.keys].map((key) => stage.scene?.byKey.get(key)).filter(Boolean);
  }

  show() {
    const { size } = this.diagram.selection.keys;
    this.bar.hidden = size < 2;
    this.bar.querySelector("[data-count]").textContent = say("chosen", { count: size });
    for (const button of this.bar.querySelectorAll("[data-spread]")) button.disabled = size < 3;
  }

  /** Keys walk from table to table; what was marked on the way stays chosen. */
  keepMarked() {
    const { selection } = this.diagram;
    const { current } = selection;
    if (!this.walking || !this.marked.size) {
      if (!this.walking && [...this.marked].some((key) => !selection.has(key))) this.marked.clear();
      return;
    }
    const kept = [...this.marked].filter((key) => key !== current);
    if (current && kept.some((key) => !selection.has(key))) selection.set(...kept, current);
  }

  mark() {
    const { current } = this.diagram.selection;
    if (!current) return;
    if (!this.marked.delete(current)) this.marked.add(current);
    this.tell(say(this.marked.has(current) ? "marked" : "unmarked", { table: current, count: this.marked.size }));
  }

  align(side) {
    this.arrangement.move(aligned(this.tables(), side));
    this.tell(say("aligned", { count: this.tables().length }));
  }

  spread(direction) {
    this.arrangement.move(distributed(this.tables(), direction));
    this.tell(say("aligned", { count: this.tables().length }));
  }

  tell(text) {
    this.diagram.live.textContent = text;
  }

  key(event) {
    const { selection, stage, canvas } = this.diagram;
    if (event.target !== canvas || !stage.scene) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
      selection.set(...stage.scene.tables.map(({ key }) => key));
      this.tell(say("chosen", { count: selection.keys.size }));
      event.preventDefault();
    } else if (event.key === "m" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.mark();
      event.preventDefault();
    } else if (event.altKey && ARROWS[event.key]) {
      // Where nothing is chosen the browser's own Alt and arrow stay.
      if (!selection.keys.size) return;
      this.nudge(ARROWS[event.key], event.shiftKey ? FINE : STEP);
      event.preventDefault();
    }
  }

  /** Moves what is chosen by a step, and says where it stands. */
  nudge([across, down], step) {
    const tables = this.tables();
    if (!tables.length) return;
    const places = new Map(tables.map(({ key, x, y }) => [key, [x + across * step, y + down * step]]));
    this.arrangement.move(places, { later: true });
    const [{ key, x, y }] = tables.slice(-1);
    const where = { table: key, x: Math.round(x), y: Math.round(y), count: tables.length };
    this.tell(say(tables.length > 1 ? "placedMany" : "placed", where));
    this.keepInView(tables.at(-1));
  }

  keepInView({ x, y, w, h }) {
    const { viewport } = this.diagram;
    const view = viewport.rectangle();
    const out = x < view.x || y < view.y || x + w > view.x + view.w || y + h > view.y + view.h;
    if (out) viewport.show(x + w / 2, y + h / 2);
  }
}
