// What part of the picture the canvas shows: the picture's point in its top left corner, and
// how many screen pixels a unit of the picture takes. Knows neither the page nor the drawing.

import { signal } from "./signal.js";
import { middle } from "./rectangle.js";

const MOST = 4;
const FLIGHT = 280; // milliseconds

export class Viewport {
  constructor() {
    Object.assign(this, { x: 0, y: 0, scale: 1, width: 1, height: 1, least: 0.02 });
    this.bounds = { x: 0, y: 0, w: 1, h: 1 };
    this.changed = signal();
    this.flight = 0;
    this.fitted = null; // what the view was made to fit last, if nobody moved since
  }

  /** The picture's own box, which cannot be lost from sight. */
  setBounds(bounds) {
    this.bounds = bounds;
    this.least = Math.min(0.5 * this.fitting(bounds), 1);
  }

  resize(width, height) {
    const [x, y] = this.centre();
    Object.assign(this, { width: Math.max(width, 1), height: Math.max(height, 1) });
    this.least = Math.min(0.5 * this.fitting(this.bounds), 1);
    // What was made to fit goes on fitting until somebody moves; a flight goes on to its goal.
    if (this.fitted) this.fit(...this.fitted);
    else if (!this.flight) this.put(x, y, this.limited(this.scale));
  }

  centre() {
    return middle(this.rectangle());
  }

  rectangle() {
    return { x: this.x, y: this.y, w: this.width / this.scale, h: this.height / this.scale };
  }

  toPicture(px, py) {
    return [this.x + px / this.scale, this.y + py / this.scale];
  }

  toScreen(x, y) {
    return [(x - this.x) * this.scale, (y - this.y) * this.scale];
  }

  /** The scale at which a rectangle fills the canvas. */
  fitting({ w, h }, margin = 24) {
    return Math.min(
      Math.max(this.width - 2 * margin, 40) / Math.max(w, 1),
      Math.max(this.height - 2 * margin, 40) / Math.max(h, 1),
    );
  }

  /** Moves the picture along with a pointer that moved by so many pixels. */
  panBy(dx, dy) {
    this.stop();
    this.place(this.x - dx / this.scale, this.y - dy / this.scale, this.scale);
  }

  /** Zooms so that what lies under this point of the canvas stays there. */
  zoomAt(factor, px = this.width / 2, py = this.height / 2) {
    this.stop();
    const scale = this.limited(this.scale * factor);
    const [x, y] = this.toPicture(px, py);
    this.place(x - px / scale, y - py / scale, scale);
  }

  /** Shows a point of the picture in the middle, at once. */
  show(x, y, scale = this.scale) {
    this.stop();
    this.put(x, y, this.limited(scale));
  }

  fit(rectangle = this.bounds, most = 1) {
    this.show(...middle(rectangle), Math.min(this.fitting(rectangle), most));
    this.fitted = [rectangle, most];
  }

  /** Moves there on a visible way; at once for who wants no motion. */
  flyTo(x, y, scale = this.scale) {
    this.stop();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const [fromX, fromY] = this.centre();
    const [from, to] = [this.scale, this.limited(scale)];
    if (still) return this.put(x, y, to);
    const started = performance.now();
    const step = (now) => {
      const part = Math.min(1, Math.max(0, (now - started) / FLIGHT));
      const eased = 1 - (1 - part) ** 3;
      const between = from * (to / from) ** eased;
      // The middle moves with the zoom, so that the goal comes nearer all the way.
      const way = Math.abs(to - from) < 1e-6 ? eased : (1 / from - 1 / between) / (1 / from - 1 / to);
      this.put(fromX + (x - fromX) * way, fromY + (y - fromY) * way, between);
      this.flight = part < 1 ? requestAnimationFrame(step) : 0;
    };
    this.flight = requestAnimationFrame(step);
  }

  flyToRectangle(rectangle, most = 1) {
    this.flyTo(...middle(rectangle), Math.min(this.fitting(rectangle), most));
    this.fitted = [rectangle, most];
  }

  stop() {
    cancelAnimationFrame(this.flight);
    this.flight = 0;
    this.fitted = null;
  }

  limited(scale) {
    return Math.min(MOST, Math.max(this.least, scale));
  }

  put(x, y, scale) {
    this.place(x - this.width / scale / 2, y - this.height / scale / 2, scale);
  }

  place(x, y, scale) {
    const [w, h] = [this.width / scale / 2, this.height / scale / 2];
    const { bounds } = this;
    this.x = Math.min(bounds.x + bounds.w, Math.max(bounds.x, x + w)) - w;
    this.y = Math.min(bounds.y + bounds.h, Math.max(bounds.y, y + h)) - h;
    this.scale = scale;
    this.changed.emit(this);
  }
}
