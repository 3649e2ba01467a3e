// How wide a text is. Boxes were measured for Helvetica's widths, which the fonts named here share.

export const FONT = 'Helvetica, Arial, "Liberation Sans", sans-serif';

const pen = typeof document === "undefined" ? null : document.createElement("canvas").getContext("2d");
const widths = { regular: new Map(), bold: new Map() };

/** The width of a line at font size 1. */
export const widthOf = (text, bold = false) => {
  const known = bold ? widths.bold : widths.regular;
  let width = known.get(text);
  if (width === undefined) {
    pen.font = `${bold ? "bold " : ""}100px ${FONT}`;
    width = pen.measureText(text).width / 100;
    known.set(text, width);
  }
  return width;
};

/** The text, cut with an ellipsis where it is wider than this. */
export const cut = (text, size, width, bold = false) => {
  if (widthOf(text, bold) * size <= width) return text;
  const whole = [...text];
  let [low, high] = [0, whole.length];
  while (low < high) {
    const half = (low + high + 1) >> 1;
    if (widthOf(`${whole.slice(0, half).join("")}…`, bold) * size <= width) low = half;
    else high = half - 1;
  }
  return low ? `${whole.slice(0, low).join("")}…` : "";
};

/** A name in lines: broken between the words of CamelCase and snake_case, evenly. */
export const broken = (name, lines) => {
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[^A-Z_\s]+_?|[_\s]+/g) ?? [name];
  if (lines < 2 || words.length < 2) return [name];
  let best = [name];
  let least = widthOf(name, true);
  const split = (from, left, made) => {
    if (left === 1 || from === words.length) {
      const rows = from < words.length ? [...made, words.slice(from).join("")] : made;
      const widest = Math.max(...rows.map((row) => widthOf(row, true)));
      if (widest < least) [best, least] = [rows, widest];
      return;
    }
    for (let to = from + 1; to <= words.length; to++) {
      split(to, left - 1, [...made, words.slice(from, to).join("")]);
    }
  };
  split(0, Math.min(lines, words.length), []);
  return best;
};
