// The whole picture, small, with the rectangle that the canvas shows: click or drag moves there.

import { short, svg } from "./elements.js";

const MOST = { width: 190, height: 140 };

export class Minimap {
  /** @param {HTMLElement} holder @param {import("./viewport.js").Viewport} viewport */
  constructor(holder, viewport) {
    Object.assign(this, { holder, viewport });
    this.root = svg("svg", { "aria-hidden": "true", focusable: "false" });
    this.view = svg("rect", { class: "er-minimap-view" });
    holder.append(this.root);
    const move = (event) => {
      const { left, top } = this.root.getBoundingClientRect();
      const { x, y } = viewport.bounds;
      viewport.show(x + (event.clientX - left) / this.scale, y + (event.clientY - top) / this.scale);
    };
    this.root.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      this.root.setPointerCapture(event.pointerId);
      move(event);
    });
    this.root.addEventListener("pointermove", (event) => {
      if (this.root.hasPointerCapture(event.pointerId)) move(event);
    });
    viewport.changed.on(() => (this.frame ||= requestAnimationFrame(() => this.draw())));
  }

  show(scene) {
    const { x, y, w, h } = scene.bounds;
    this.scale = Math.min(MOST.width / w, MOST.height / h);
    this.root.setAttribute("width", short(w * this.scale));
    this.root.setAttribute("height", short(h * this.scale));
    this.root.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
    const hues = new Map();
    for (const app of scene.apps) {
      const d = `M${app.x} ${app.y}h${app.w}v${app.h}h${-app.w}Z`;
      hues.set(app.hue, (hues.get(app.hue) ?? "") + d);
    }
    this.view.setAttribute("stroke-width", 1.5 / this.scale);
    this.root.replaceChildren(...[...hues].map(([hue, d]) => svg("path", { class: `er-minimap-app hue-${hue}`, d })), this.view);
    this.draw();
  }

  draw() {
    this.frame = 0;
    if (!this.scale) return;
    const { bounds } = this.viewport;
    const { x, y, w, h } = this.viewport.rectangle();
    const [left, top] = [Math.max(x, bounds.x), Math.max(y, bounds.y)];
    this.view.setAttribute("x", left);
    this.view.setAttribute("y", top);
    this.view.setAttribute("width", Math.max(0, Math.min(x + w, bounds.x + bounds.w) - left));
    this.view.setAttribute("height", Math.max(0, Math.min(y + h, bounds.y + bounds.h) - top));
  }
}
