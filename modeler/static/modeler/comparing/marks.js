// What a comparison draws on a table: a sign at its heading, at its rows the sign and what was
// before and is now, the old name of what was renamed.

import { short, svg } from "../diagram/elements.js";
import { COLUMNS } from "../diagram/levels.js";
import { cut, widthOf } from "../diagram/text.js";
import { drawSigns } from "./signs.js";

const RADIUS = 7;

/** Adds the marks to a table's group, drawn at a level of detail. */
export const drawMarks = (group, table, level, unit, scene) => {
  group.classList.add("is-changed");
  const radius = Math.min(RADIUS * Math.max(1, unit), table.h / 3);
  if (level === COLUMNS) {
    const rows = new Map();
    table.rows.forEach(([name], number) => {
      const kind = table.changes?.[name]?.[0];
      if (kind) rows.set(kind, [...(rows.get(kind) ?? []), [table.x, table.y + scene.head + (number + 0.5) * scene.row]]);
    });
    for (const [kind, points] of rows) group.append(drawSigns(kind, points, 5.5));
    if (table.was) {
      group.append(svg("text", { class: "er-was", x: short(table.x + 2), y: short(table.y - 4), "font-size": 10.5 }, cut(table.was, 10.5, table.w - 14)));
    }
  }
  group.append(drawSigns(table.change, [[table.x + table.w - radius * 0.3, table.y + radius * 0.3]], radius));
};

/** What a changed row says in place of its type, where it fits beside its name: a text, or null. */
export const inlineChange = (table, name, room, size) => {
  const said = table.changes?.[name]?.[1];
  return said && widthOf(said) * size <= room ? said : null;
};

/** Adds signs in the middle of changed lines to their group. */
export const drawStrandMarks = (group, strand, unit) => {
  group.append(drawSigns(strand.change, strand.edges.map(({ points }) => halfway(points)), 4.5 * Math.max(1, Math.min(unit, 4))));
};

/** The middle of the longest piece of a line of right angles. */
const halfway = (points) => {
  let [best, longest] = [[points[0], points[1]], -1];
  for (let i = 2; i < points.length; i += 2) {
    const [ax, ay, bx, by] = points.slice(i - 2, i + 2);
    const length = Math.abs(bx - ax) + Math.abs(by - ay);
    if (length > longest) [best, longest] = [[(ax + bx) / 2, (ay + by) / 2], length];
  }
  return best;
};

/** The changed tables of an app on the map, in their colours. */
export const drawOutlines = (tables, outlines) => {
  const kinds = new Map();
  for (const table of tables) if (table.change) kinds.set(table.change, [...(kinds.get(table.change) ?? []), table]);
  return [...kinds].map(([kind, changed]) => svg("path", { class: `er-outlines is-changed is-${kind}`, d: outlines(changed) }));
};
