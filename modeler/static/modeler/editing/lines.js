// Which lines of a picture a move concerns, and how they run until the server has found their ways.

import { crosses, rerouted } from "./route.js";

/** The edges whose ways a move may have changed: an end has moved, or a box now stands in it. */
export const concernedBy = (scene, moved) => {
  const found = new Set();
  for (const key of moved) {
    const table = scene.byKey.get(key);
    if (!table) continue;
    for (const edge of scene.relations[table.number]) found.add(edge);
    for (const number of scene.ways.within(table)) {
      const edge = scene.edges[number];
      if (crosses(edge.points, table)) found.add(edge);
    }
  }
  return found;
};

/** The lines of all edges at tables that move: edge → points. */
export const linesAfter = (scene, moves) => {
  const lines = new Map();
  for (const table of moves.keys()) {
    for (const edge of scene.relations[table.number]) {
      if (lines.has(edge)) continue;
      const [from, to] = [scene.tables[edge.from], scene.tables[edge.to]];
      lines.set(edge, rerouted(edge.points, from, to, shift(from, moves), shift(to, moves)));
    }
  }
  return lines;
};

const shift = (table, moves) => {
  const place = moves.get(table);
  return place ? [place[0] - table.x, place[1] - table.y] : [0, 0];
};

