// An app: a frame with its title around its tables; on the app map one box with its number of
// tables and their outlines.

import { drawOutlines } from "../comparing/marks.js";
import { short, svg } from "./elements.js";
import { broken, cut, widthOf } from "./text.js";
import { MAP } from "./levels.js";
import { count, say } from "./words.js";
import { middle } from "./rectangle.js";

const PADDING = 20;

export const titleOf = (app) => app.title || say("noModel");
export const countOf = (number) => count("tables", number);

export const drawFrame = (app, level, unit, scene) => {
  const group = svg("g", { class: `er-app hue-${app.hue}`, "data-app": app.label });
  group.append(
    svg("rect", {
      class: level === MAP ? "er-frame is-map" : "er-frame",
      x: app.x, y: app.y, width: app.w, height: app.h,
      rx: short(Math.min(8 * Math.max(unit, 1), app.h / 6)),
      "stroke-width": short(Math.max(1, unit)),
    }),
  );
  if (level === MAP) group.append(svg("path", { class: "er-outlines", d: outlines(scene.inApp[app.number]) }), ...drawOutlines(scene.inApp[app.number], outlines));
  else drawTitle(group, app, unit);
  return group;
};

const drawTitle = (group, app, unit) => {
  const title = titleOf(app);
  const most = (app.w - 2 * PADDING) / widthOf(title, true);
  const size = Math.min(Math.max(15, 13 * unit), 46, Math.max(most, 15));
  group.append(
    svg("text", {
      class: "er-app-title",
      x: app.x + PADDING,
      y: short(app.y + 25 + size * 0.35),
      "font-size": short(size),
    }, cut(title, size, app.w - 2 * PADDING, true)),
  );
};

/** The lines of an app's title on the map, their size and that of the number below. */
const mapTitle = (app, unit) => {
  // Every bundle asks for the titles at its ends.
  if (app.mapTitle?.unit !== unit) app.mapTitle = { unit, ...fitted(app, unit) };
  return app.mapTitle;
};

const fitted = (app, unit) => {
  const title = titleOf(app);
  const [most, room] = [20 * unit, app.w - Math.min(18 * unit, app.w / 5)];
  let [rows, size] = [[title], 0];
  for (const lines of [1, 2, 3]) {
    const tried = broken(title, lines);
    const widest = Math.max(...tried.map((row) => widthOf(row, true)));
    const fits = Math.min(most, room / widest, (app.h - 8 * unit) / (tried.length * 1.15 + 0.9));
    if (fits > size * 1.15) [rows, size] = [tried, fits];
  }
  const small = Math.min(12 * unit, size * 0.8);
  const total = countOf(app.tables);
  const said = widthOf(total) * small <= room && small >= 7 * unit;
  const widest = Math.max(...rows.map((row) => widthOf(row, true))) * size;
  return {
    rows, size, total, small, said,
    w: Math.max(widest, said ? widthOf(total) * small : 0),
    h: rows.length * size * 1.15 + (said ? small * 1.25 : 0),
  };
};

/** The rectangle that an app's title takes on the map; bundles lead to its edge. */
export const plateOf = (app, unit) => {
  const { w, h } = mapTitle(app, unit);
  const [cx, cy] = middle(app);
  const [across, down] = [w + 14 * unit, h + 8 * unit];
  return { x: cx - across / 2, y: cy - down / 2, w: across, h: down };
};

/** The title on the app map, above the bundles. */
export const drawMapTitle = (app, unit) => {
  const group = svg("g", { class: `er-app hue-${app.hue}` });
  const { rows, size, total, small, said, h } = mapTitle(app, unit);
  const cx = short(app.x + app.w / 2);
  const halo = short(3 * unit);
  let base = app.y + app.h / 2 - h / 2 + size * 0.92;
  for (const row of rows) {
    group.append(svg("text", { class: "er-map-title", x: cx, y: short(base), "font-size": short(size), "stroke-width": halo }, row));
    base += size * 1.15;
  }
  if (said) {
    const y = short(base - size * 1.15 + small * 1.35);
    group.append(svg("text", { class: "er-map-count", x: cx, y, "font-size": short(small), "stroke-width": halo }, total));
  }
  return group;
};

const outlines = (tables) =>
  tables
    .map(({ x, y, w, h }) => `M${short(x)} ${short(y)}h${short(w)}v${short(h)}h${short(-w)}Z`)
    .join("");
