// Saved views: the one that is open, whether it is as it was saved, and what the server says.

import { signal } from "../diagram/signal.js";
import { say } from "../diagram/words.js";
import { asked, confirmed, conflict } from "./dialogs.js";
import { notice } from "./notice.js";
import { Refused, ask } from "./requests.js";

const OTHERS = ["view", "compare", "changed"]; // of an address, but not of a view's selection

export class Views {
  /** @param {string} address of the list */
  constructor(diagram, arrangement, address) {
    Object.assign(this, { diagram, arrangement, address, current: null, left: null, leaving: false });
    this.changed = signal();
    diagram.stage.shown.on(() => this.follow());
    arrangement.changed.on(() => this.changed.emit());
    addEventListener("beforeunload", (event) => {
      if (arrangement.dirty) event.preventDefault();
    });
  }

  addressOf(id) {
    return `${this.address}${id}/`;
  }

  /** What is shown, as a view keeps it. */
  get selection() {
    const params = new URLSearchParams(this.diagram.query.params);
    for (const name of OTHERS) params.delete(name);
    return `${params}`;
  }

  /** The picture shows something else than the view was saved with. */
  get widened() {
    if (!this.current) return false;
    const params = new URLSearchParams(this.diagram.stage.scene?.data.query ?? "");
    return [...params.keys()].some((name) => !OTHERS.includes(name));
  }

  get dirty() {
    return this.arrangement.dirty || this.widened;
  }

  /** After a new picture: the view that it was laid out by is the open one. */
  async follow() {
    const id = this.diagram.stage.scene?.data.view ?? null;
    if (id === (this.current?.id ?? null)) {
      this.bringBack();
      return this.changed.emit();
    }
    if (id === null) return this.take(null);
    await this.tried(async () => this.take(await ask("GET", this.addressOf(id))));
  }

  take(view) {
    this.offerBack();
    this.current = view;
    const positions = view && Object.keys(view.positions).length ? view.positions : null;
    this.arrangement.reset(positions, view?.notes ?? [], view ? `${view.id}` : null);
    this.changed.emit();
    this.bringBack();
  }

  /** Where an address led away from what was not saved, it can be brought back. */
  offerBack() {
    const { arrangement, diagram } = this;
    const leaving = this.leaving;
    this.leaving = false;
    if (!arrangement.dirty || leaving) return;
    const { positions, notes } = arrangement.history.state;
    const id = this.current?.id ?? null;
    const run = () => {
      this.left = { id, positions, notes };
      if ((this.current?.id ?? null) === id) this.bringBack();
      else diagram.query.set(new URLSearchParams({ view: id ?? 0 }));
    };
    notice(say("left"), { act: { text: say("bringBack"), run } });
  }

  bringBack() {
    const { left } = this;
    if (!left || left.id !== (this.current?.id ?? null)) return;
    this.left = null;
    this.arrangement.bring(left.positions, left.notes);
  }

  list() {
    return ask("GET", this.address);
  }

  async open(id) {
    if (id === this.current?.id) return true;
    if (this.arrangement.dirty && !(await confirmed(say("leave"), say("leaveYes")))) return false;
    this.leaving = true;
    this.diagram.selection.clear();
    this.diagram.query.set(new URLSearchParams({ view: id ?? 0 }));
    return true;
  }

  // ---- Saving

  body() {
    const { arrangement } = this;
    return {
      selection: this.selection,
      positions: arrangement.positions ? arrangement.places() : {},
      notes: arrangement.notes,
    };
  }

  /** Saves the open view; asks for a name where there is none to save to. */
  async save() {
    const { current } = this;
    if (!current?.mayChange) return this.saveAs();
    return this.saving(() => this.patch(this.body()));
  }

  async saveAs(name) {
    const given = name ?? (await asked(say("nameOfView"), this.current ? say("copyOf", { name: this.current.name }) : ""));
    if (!given) return false;
    return this.saving(async () => this.settle(await ask("POST", this.address, { name: given, ...this.body() })));
  }

  async saving(work) {
    const { state } = this.arrangement.history;
    const done = await this.tried(work);
    if (!done) return false;
    this.arrangement.saved(state);
    this.diagram.live.textContent = say("viewSaved", { name: this.current.name });
    notice("");
    return true;
  }

  /** Changes the open view; of a conflict the person decides. */
  async patch(changes, version = this.current.version) {
    const { id } = this.current;
    try {
      return this.settle(await ask("PATCH", this.addressOf(id), { version, ...changes }));
    } catch (error) {
      // Of the two rules that a conflict may break, only an overtaken version has moved on.
      const theirs = error.status === 409 && (await ask("GET", this.addressOf(id)).catch(() => ({ version: null })));
      if (!theirs || theirs.version === version) throw error;
      const decided = await conflict(error.message);
      if (decided === "over" && theirs.version !== null) return this.patch(changes, theirs.version);
      if (decided === "new") return (await this.saveAs()) || Promise.reject(new Undecided());
      if (decided === "theirs") await this.reopen();
      throw new Undecided();
    }
  }

  /** What the server keeps is the open view now. */
  settle(view) {
    this.current = view;
    this.arrangement.owner = `${view.id}`;
    const { query } = this.diagram;
    const params = new URLSearchParams(query.params);
    params.set("view", view.id);
    const short = new URLSearchParams([["view", view.id], ...[...params].filter(([name]) => OTHERS.includes(name) && name !== "view")]);
    const { data } = this.diagram.stage.scene;
    Object.assign(data, { view: view.id });
    if (view.selection === this.selection) data.query = `${short}`;
    query.settle(view.selection === this.selection ? `${short}` : `${params}`, `${params}`);
    this.changed.emit();
    return view;
  }

  /** Loads the open view anew, as it was saved last. */
  async reopen() {
    const { query } = this.diagram;
    const view = await ask("GET", this.addressOf(this.current.id));
    this.leaving = true;
    this.take(view);
    query.settle(`view=${view.id}`);
    await this.diagram.load();
    notice("");
  }

  // ---- What else can be done with a view

  async rename() {
    const name = await asked(say("nameOfView"), this.current.name, say("rename"));
    return name && name !== this.current.name ? this.tried(() => this.patch({ name })) : false;
  }

  share(shared) {
    return this.tried(() => this.patch({ shared }));
  }

  startOf(app) {
    return this.tried(() => this.patch({ default_for: app }));
  }

  async remove() {
    const { current } = this;
    if (!(await confirmed(say("deleteView", { name: current.name }), say("delete")))) return false;
    const done = await this.tried(async () => (await ask("DELETE", this.addressOf(current.id))) && true);
    if (!done) return false;
    // The picture stays as it is: it is only no longer kept.
    this.current = null;
    this.arrangement.owner = null;
    this.diagram.stage.scene.data.view = null;
    const params = new URLSearchParams(this.diagram.query.params);
    params.delete("view");
    this.diagram.query.settle(`${params}`);
    this.changed.emit();
    return true;
  }

  get link() {
    return `${location.origin}${location.pathname}?view=${this.current.id}`;
  }

  /** Does it; what is refused is said on the page, and nothing is lost. Resolves to the result or false. */
  async tried(work) {
    try {
      return (await work()) ?? true;
    } catch (error) {
      if (error instanceof Undecided) return false;
      if (!(error instanceof Refused)) throw error;
      notice(error.message, { failed: true });
      return false;
    }
  }
}

class Undecided extends Error {}
