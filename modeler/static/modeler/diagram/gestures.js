// Wheel, drag, pinch, double click and tap on the canvas, as calls of the viewport.

import { signal } from "./signal.js";

const STILL = 4; // pixels a pointer may move and still tap
const LINE = 16; // pixels of a wheel that counts in lines

export class Gestures {
  /** @param {HTMLElement} canvas @param {import("./viewport.js").Viewport} viewport */
  constructor(canvas, viewport) {
    Object.assign(this, { canvas, viewport, held: new Map(), moved: false });
    this.tapped = signal(); // (x, y, event) in pixels of the canvas
    this.hovered = signal(); // (x, y, event), or () when the pointer leaves
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointercancel", (event) => this.up(event, true));
    canvas.addEventListener("pointerleave", () => this.hovered.emit());
    canvas.addEventListener("dblclick", (event) => {
      viewport.zoomAt(event.shiftKey ? 0.5 : 2, ...this.at(event));
      event.preventDefault();
    });
  }

  at({ clientX, clientY }) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return [clientX - left - this.canvas.clientLeft, clientY - top - this.canvas.clientTop];
  }

  wheel(event) {
    event.preventDefault();
    const unit = [1, LINE, this.viewport.height][event.deltaMode];
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (event.shiftKey || (Math.abs(dx) > Math.abs(dy) && !event.ctrlKey)) {
      this.viewport.panBy(-(dx || dy), 0);
      return;
    }
    // Browsers send a pinch on a touch pad as a wheel with ctrl, in smaller steps.
    const step = Math.max(-60, Math.min(60, dy)) / (event.ctrlKey ? 100 : 240);
    this.viewport.zoomAt(Math.exp(-step), ...this.at(event));
  }

  down(event) {
    if (event.button !== 0 || event.target.closest("button, a, input")) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.held.set(event.pointerId, this.at(event));
    if (this.held.size === 1) {
      this.start = this.at(event);
      this.moved = false;
    } else {
      this.moved = true;
    }
  }

  move(event) {
    const point = this.at(event);
    if (!this.held.has(event.pointerId)) {
      if (event.pointerType !== "touch") this.hovered.emit(...point, event);
      return;
    }
    if (!this.moved) {
      const way = Math.hypot(point[0] - this.start[0], point[1] - this.start[1]);
      if (way <= STILL) return;
      this.moved = true;
      this.canvas.classList.add("is-moving");
      this.hovered.emit();
    }
    const before = [...this.held.values()];
    const last = this.held.get(event.pointerId);
    this.held.set(event.pointerId, point);
    if (before.length === 1) {
      this.viewport.panBy(point[0] - last[0], point[1] - last[1]);
    } else if (before.length === 2) {
      this.pinch(before, [...this.held.values()]);
    }
  }

  /** Two fingers: what lay under their middle stays under it, their distance is the zoom. */
  pinch([a, b], [c, d]) {
    const apart = Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
    const now = Math.hypot(c[0] - d[0], c[1] - d[1]) || 1;
    const [x, y] = [(c[0] + d[0]) / 2, (c[1] + d[1]) / 2];
    this.viewport.panBy(x - (a[0] + b[0]) / 2, y - (a[1] + b[1]) / 2);
    this.viewport.zoomAt(now / apart, x, y);
  }

  up(event, lost = false) {
    if (!this.held.delete(event.pointerId)) return;
    if (this.held.size === 0) {
      this.canvas.classList.remove("is-moving");
      if (!this.moved && !lost) this.tapped.emit(...this.at(event), event);
    }
  }
}
