// Where everything of a scene stands. A geometry can be read from a scene and put back, in place:
// only what differs is drawn anew, and the view does not move.

import { around, union } from "../diagram/rectangle.js";

const PADDING = 20; // of an app's frame, as the server's layout has it
const TITLE = 30;

/** Returns all places and lines of a scene. */
export const geometryOf = (scene) => ({
  scene,
  tables: new Map(scene.tables.map((table) => [table, [table.x, table.y]])),
  edges: new Map(scene.edges.map((edge) => [edge, edge.points])),
  apps: new Map(scene.apps.map((app) => [app, boxOf(app)])),
  bounds: scene.bounds,
});

const boxOf = ({ x, y, w, h }) => ({ x, y, w, h });

/** Puts tables, edges and apps where a geometry (or a part of one) says. */
export const put = ({ stage, viewport, minimap }, { tables = [], edges = [], apps = [], bounds }) => {
  const { scene, painter } = stage;
  const names = new Set();
  for (const [table, [x, y]] of tables) {
    if (table.x === x && table.y === y) continue;
    Object.assign(table, { x, y });
    scene.places.set(table.number, table);
    names.add(`t${table.number}`);
  }
  const strands = new Set();
  for (const [edge, points] of edges) {
    if (same(edge.points, points)) continue;
    edge.points = points;
    edge.box = around(points);
    scene.ways.set(edge.number, edge.box);
    strands.add(edge.strand);
  }
  for (const strand of strands) {
    strand.paths = null;
    strand.box = union(strand.edges.map((edge) => edge.box));
    names.add(`s${strand.number}`);
  }
  for (const [app, box] of apps) {
    if (app.x === box.x && app.y === box.y && app.w === box.w && app.h === box.h) continue;
    Object.assign(app, box);
    scene.frames.set(app.number, app);
    names.add(`a${app.number}`).add(`m${app.number}`).add("bundles");
  }
  if (bounds) {
    scene.bounds = bounds;
    viewport.setBounds(bounds);
  }
  painter.redraw(names);
  stage.drawRings();
  stage.light.draw();
  stage.request();
  minimap.show(scene);
};

const same = (a, b) => a === b || (a.length === b.length && a.every((number, i) => number === b[i]));

/** The frames and bounds around tables as they stand, until the server has said them. */
export const framed = (scene) => {
  const apps = new Map();
  for (const app of scene.apps) {
    const own = scene.inApp[app.number];
    if (!own.length) continue;
    const { x, y, w, h } = union(own);
    apps.set(app, {
      x: x - PADDING, y: y - PADDING - TITLE,
      w: Math.max(w + 2 * PADDING, 120), h: h + 2 * PADDING + TITLE,
    });
  }
  return { apps, bounds: union([...apps.values(), ...scene.edges.map((edge) => edge.box)]) };
};
