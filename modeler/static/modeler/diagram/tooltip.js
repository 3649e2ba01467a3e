// The tooltip of an edge: what it joins, what happens on delete, who enforces it.

import { html } from "./elements.js";
import { say } from "./words.js";

export class Tooltip {
  /** @param {HTMLElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.node = html("div", { class: "er-tooltip", role: "tooltip", hidden: "" });
    canvas.append(this.node);
    this.edge = null;
  }

  show(edge, x, y) {
    if (edge !== this.edge) {
      this.edge = edge;
      this.node.hidden = !edge;
      if (edge) this.node.replaceChildren(...sentences(edge).map(([name, text]) => html("div", { class: `er-tip-${name}` }, text)));
    }
    if (!edge) return;
    const { width, height } = this.node.getBoundingClientRect();
    const left = Math.max(4, Math.min(x + 14, this.canvas.clientWidth - width - 4));
    const below = y + 18 + height < this.canvas.clientHeight;
    this.node.style.transform = `translate(${Math.round(left)}px, ${Math.round(below ? y + 18 : y - height - 10)}px)`;
  }
}

/** What there is to say of an edge, as [name, sentence]. */
export const sentences = (edge) => {
  const said = [["key", edge.key], ["kind", edge.ends.some(Boolean) ? `${edge.kind}, ${edge.ends.map((end) => end || "–").join(" : ")}` : edge.kind]];
  if (edge.columns || edge.targets) {
    said.push(["columns", `${(edge.columns ?? []).join(", ")} → ${(edge.targets ?? []).join(", ")}`]);
  }
  if (edge.onDelete) said.push(["delete", say("onDelete", { action: edge.onDelete })]);
  if (edge.kind !== "proxy") said.push(["enforced", say(edge.loose ? "loose" : "enforced")]);
  return said;
};
