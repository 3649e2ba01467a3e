// A note as SVG: a coloured box with its text, never read as markup.

import { short, svg } from "../diagram/elements.js";
import { written } from "./note_text.js";

export const COLORS = ["yellow", "blue", "green", "red", "grey"];

export const drawNote = (note) => {
  const { x, y, w, h, color } = note;
  const { size, lines } = written(note);
  return svg("g", { class: `er-note is-${color}` },
    svg("rect", { class: "er-note-body", x: short(x), y: short(y), width: short(w), height: short(h), rx: 4 }),
    svg("text", { class: "er-note-text", "font-size": short(size) },
      ...lines.filter(([line]) => line).map(([line, left, base]) => svg("tspan", { x: short(left), y: short(base) }, line))));
};
