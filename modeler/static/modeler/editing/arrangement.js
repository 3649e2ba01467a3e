// What people do to a picture: places of tables, and notes, with undo. The automatic layout counts
// until the first table is moved; from then on every table of the picture keeps its place.

import { signal } from "../diagram/signal.js";
import { framed, geometryOf, put } from "./geometry.js";
import { History } from "./history.js";
import { concernedBy, linesAfter } from "./lines.js";
import { notice } from "./notice.js";
import { Refused, ask, send } from "./requests.js";

const LATER = 250; // milliseconds after the last step of a key before the server is asked

export class Arrangement {
  /** @param {object} diagram @param {string} address that lays out around given positions */
  constructor(diagram, address) {
    Object.assign(this, { diagram, address, timer: 0, asking: null, moved: new Set() });
    // positions: table → [x, y], or null for the automatic layout; notes: a list of values.
    this.history = new History({ positions: null, notes: [] });
    this.changed = signal(); // what is arranged, saved or undone
    this.touched = false; // the address alone no longer says what is shown
    this.owner = null; // the view that is arranged, as the address names it
    const plain = diagram.ask;
    diagram.ask = (signal) => {
      // An address of another view shows that one.
      const mine = diagram.query.params.get("view") === this.owner;
      return this.touched && mine ? this.send(this.positions ?? {}, signal) : plain(signal);
    };
  }

  get positions() {
    return this.history.state.positions;
  }

  get notes() {
    return this.history.state.notes;
  }

  get scene() {
    return this.diagram.stage.scene;
  }

  /** Places of all tables: those in the picture, and those that were placed before. */
  places() {
    const here = this.scene.tables.map(({ key, x, y }) => [key, [x, y]]);
    return { ...this.positions, ...Object.fromEntries(here) };
  }

  /** Starts anew with what a view holds. */
  reset(positions, notes, owner = null) {
    this.stopAsking();
    Object.assign(this, { touched: false, owner });
    this.history.reset({ positions, notes });
    this.changed.emit();
  }

  /** A state has been saved: what was done since then has not. */
  saved(state) {
    this.history.saved = state;
    this.changed.emit();
  }

  get dirty() {
    return this.history.dirty;
  }

  push(state) {
    this.history.state.geometry = geometryOf(this.scene);
    this.history.push({ ...this.history.state, geometry: undefined, ...state });
  }

  setNotes(notes) {
    this.push({ notes });
    this.changed.emit();
  }

  // ---- Moving

  /**
   * Moves tables, at once with lines of a simple kind; the server's lines follow.
   *
   * @param {Map<string, [number, number]>} places key → left and top
   */
  move(places, { later = false } = {}) {
    const { scene } = this;
    const moves = new Map();
    for (const [key, [x, y]] of places) {
      const table = scene.byKey.get(key);
      if (table && (table.x !== x || table.y !== y)) moves.set(table, [x, y]);
    }
    if (!moves.size) return;
    this.push({});
    put(this.diagram, { tables: moves, edges: linesAfter(scene, moves) });
    put(this.diagram, framed(scene));
    this.history.state.positions = this.places();
    this.touched = true;
    for (const table of moves.keys()) this.moved.add(table.key);
    this.changed.emit();
    this.route(later ? LATER : 0);
  }

  /** Asks the server for the lines around the tables as they stand now. */
  route(delay = 0) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const moved = new Set(this.moved);
      const data = await this.arranged(this.positions ?? {});
      if (!data) return;
      this.moved.clear();
      this.adopt(data, moved);
    }, delay);
  }

  /** Resolves to the scene around positions, or null where there is none and that was said. */
  async arranged(positions) {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    const { canvas, query } = this.diagram;
    canvas.setAttribute("aria-busy", "true");
    try {
      const data = await ask("POST", this.address, { query: `${query}`, positions }, { signal: asking.signal });
      notice("");
      return data;
    } catch (error) {
      if (error instanceof Refused) notice(error.message, { failed: true });
      return null;
    } finally {
      if (this.asking === asking) {
        this.asking = null;
        canvas.removeAttribute("aria-busy");
      }
    }
  }

  send(positions, signal) {
    return send("POST", this.address, { query: `${this.diagram.query}`, positions }, { signal });
  }

  stopAsking() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.moved.clear();
  }

  /**
   * Takes over what the server laid out: of lines only those that the move has changed, all of
   * them where `moved` is null. Returns whether it was the same picture.
   */
  adopt(data, moved = null) {
    const { scene } = this;
    if (data.tables.length !== scene.tables.length || data.tables.some(({ key }, i) => key !== scene.tables[i].key)) return false;
    const [x, y, w, h] = data.bounds;
    const byLabel = new Map(data.apps.map((app) => [app.label, app]));
    const concerned = moved && concernedBy(scene, moved);
    const edges = new Map();
    for (const { key, points } of data.edges) {
      const edge = scene.edgeByKey.get(key);
      if (edge && (!concerned || concerned.has(edge))) edges.set(edge, points);
    }
    put(this.diagram, {
      tables: new Map(data.tables.map((table) => [scene.byKey.get(table.key), [table.x, table.y]])),
      edges,
      apps: new Map(scene.apps.filter(({ label }) => byLabel.has(label)).map((app) => [app, pick(byLabel.get(app.label))])),
      bounds: { x, y, w: Math.max(w, 1), h: Math.max(h, 1) },
    });
    this.changed.emit();
    return true;
  }

  // ---- Back and forth

  async undo() {
    await this.go("undo");
  }

  async redo() {
    await this.go("redo");
  }

  async go(way) {
    const { history, scene } = this;
    const before = history.state;
    before.geometry = scene && geometryOf(scene);
    const state = history[way]();
    if (!state) return;
    this.stopAsking();
    if (state.positions !== before.positions) await this.restore(state);
    this.changed.emit();
  }

  /** Brings the tables to a state's places: as they were where the picture is still the same. */
  async restore(state) {
    this.touched = true;
    if (state.geometry?.scene === this.scene) return put(this.diagram, state.geometry);
    const data = await this.arranged(state.positions ?? {});
    if (data && !this.adopt(data)) await this.reload();
  }

  /** Drops all places: the automatic layout. */
  async tidy() {
    const data = await this.arranged({});
    if (!data) return false;
    this.push({ positions: null });
    this.touched = true;
    if (!this.adopt(data)) await this.reload();
    this.changed.emit();
    return true;
  }

  /** Goes on to places and notes that were here before. */
  async bring(positions, notes) {
    this.push({ positions, notes });
    await this.restore(this.history.state);
    this.changed.emit();
  }

  reload() {
    const { viewport } = this.diagram;
    return this.diagram.load({ at: [...viewport.centre(), viewport.scale] });
  }
}

const pick = ({ x, y, w, h }) => ({ x, y, w, h });
