// The rubber band: Shift and a drag on the canvas choose every table that it meets.

import { html } from "../diagram/elements.js";

export class Marquee {
  constructor(diagram) {
    this.diagram = diagram;
    this.node = html("div", { class: "er-marquee", hidden: "" });
    diagram.canvas.append(this.node);
  }

  claim(point, event) {
    if (!event.shiftKey || event.pointerType === "touch") return null;
    const before = [...this.diagram.selection.keys];
    let box = null;
    const end = () => (this.node.hidden = true);
    return {
      move: (dx, dy) => {
        box = { x: Math.min(point[0], point[0] + dx), y: Math.min(point[1], point[1] + dy), w: Math.abs(dx), h: Math.abs(dy) };
        this.node.hidden = false;
        this.node.style.transform = `translate(${box.x}px, ${box.y}px)`;
        this.node.style.width = `${box.w}px`;
        this.node.style.height = `${box.h}px`;
      },
      drop: () => {
        end();
        this.choose(box, before);
      },
      cancel: end,
    };
  }

  choose(box, before) {
    const { viewport, stage, selection } = this.diagram;
    const [x, y] = viewport.toPicture(box.x, box.y);
    const met = stage.scene.places.within({ x, y, w: box.w / viewport.scale, h: box.h / viewport.scale });
    selection.set(...new Set([...before, ...met.map((number) => stage.scene.tables[number].key)]));
  }
}
