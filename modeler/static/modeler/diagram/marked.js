// A text with its hit marked, shortened around the hit where it is long.

import { html } from "./elements.js";

const AROUND = 48;

/** Returns nodes: text, and <mark> for the letters at these positions. */
export const marked = (text, hits) => {
  const first = hits[0] ?? 0;
  const from = text.length > 2 * AROUND ? Math.max(0, first - AROUND) : 0;
  const to = text.length > 2 * AROUND ? Math.min(text.length, first + 2 * AROUND) : text.length;
  const meant = new Set(hits);
  const nodes = from ? ["…"] : [];
  let at = from;
  while (at < to) {
    let end = at;
    const inside = meant.has(at);
    while (end < to && meant.has(end) === inside) end++;
    const part = text.slice(at, end);
    nodes.push(inside ? html("mark", {}, part) : part);
    at = end;
  }
  return to < text.length ? [...nodes, "…"] : nodes;
};
