// A note's text in lines that fit its box, as large as it allows.

import { widthOf } from "../diagram/text.js";

const SIDE = 0.6; // of the font size, beside the text
const LEADING = 1.3;
const LEAST = 11; // font sizes, in units of the picture
const MOST = 60;
const STEP = 0.9;

/** Lines of a text at a font size and width; what is longer than a line is broken. */
export const wrapped = (text, size, width, measure = widthOf) => {
  const fits = (line) => measure(line) * size <= width;
  const lines = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(/(?<=\s)/)) {
      if (fits((line + word).trimEnd())) {
        line += word;
        continue;
      }
      if (line) lines.push(line.trimEnd());
      line = "";
      for (const letter of word) {
        if (line && !fits(line + letter)) {
          lines.push(line);
          line = "";
        }
        line += letter;
      }
    }
    lines.push(line.trimEnd());
  }
  return lines;
};

/** How a note is written: {size, lines: [[text, x, y]]}; what does not fit is cut with "…". */
export const written = ({ x, y, w, h, text }, measure = widthOf) => {
  const [width, height] = [(size) => w - 2 * SIDE * size, (size) => h - 2 * SIDE * size];
  let size = Math.min(MOST, Math.max(13, h / 6.5));
  let lines = wrapped(text, size, width(size), measure);
  while (lines.length * size * LEADING > height(size) && size * STEP >= LEAST) {
    size *= STEP;
    lines = wrapped(text, size, width(size), measure);
  }
  const room = Math.max(1, Math.floor(height(size) / (size * LEADING) + 0.01));
  const side = SIDE * size;
  if (lines.length > room) lines = [...lines.slice(0, room - 1), `${lines[room - 1].slice(0, -1)}…`];
  return { size, lines: lines.map((line, number) => [line, x + side, y + side + size * (0.95 + number * LEADING)]) };
};
