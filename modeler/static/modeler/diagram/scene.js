// The document that the server sends (see modeler/diagrams/scene.py), with what the page asks of
// it: tables and edges by key, the relations of a table, what lies where.

import { Index } from "./index.js";
import { around } from "./rectangle.js";
import { inSlices } from "./slices.js";
import { strandsOf } from "./strands.js";

const HUES = 8;

export class Scene {
  /** Reads the document in short slices; resolves to a Scene. */
  static async read(data) {
    const scene = new Scene(data);
    await inSlices(data.tables, (table, number) => scene.addTable(table, number));
    await inSlices(data.edges, (edge, number) => scene.addEdge(edge, number));
    scene.strands = await strandsOf(scene);
    return scene;
  }

  constructor(data) {
    const [x, y, w, h] = data.bounds;
    this.data = data;
    this.bounds = { x, y, w: Math.max(w, 1), h: Math.max(h, 1) };
    this.head = data.head;
    this.row = data.row;
    this.apps = data.apps;
    this.tables = data.tables;
    this.edges = data.edges;
    this.bundles = data.bundles;
    this.byKey = new Map();
    this.edgeByKey = new Map();
    this.relations = data.tables.map(() => []); // table → its edges, both directions
    this.inApp = data.apps.map(() => []);
    this.places = new Index(data.tables.length);
    this.ways = new Index(data.edges.length);
    this.frames = new Index(data.apps.length);
    data.apps.forEach((app, number) => {
      Object.assign(app, { number, hue: hueOf(app.label) });
      this.frames.set(number, app);
    });
  }

  addTable(table, number) {
    table.number = number;
    this.byKey.set(table.key, table);
    this.inApp[table.app].push(table);
    this.places.set(number, table);
  }

  addEdge(edge, number) {
    edge.number = number;
    this.edgeByKey.set(edge.key, edge);
    this.relations[edge.from].push(edge);
    if (edge.to !== edge.from) this.relations[edge.to].push(edge);
    edge.box = around(edge.points);
    this.ways.set(number, edge.box);
  }

  /** The table's other end of an edge. */
  partner(table, edge) {
    return this.tables[edge.from === table.number ? edge.to : edge.from];
  }
}

/** The same app has the same hue in every picture. */
export const hueOf = (label) => {
  let sum = 7;
  for (const character of label) sum = (sum * 31 + character.codePointAt(0)) >>> 0;
  return sum % HUES;
};
