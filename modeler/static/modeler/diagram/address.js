// What is shown, in the page's address: the selection as its query, the view as its hash. A sent
// link restores both.

import { signal } from "./signal.js";

const OTHERS = new Set(["view", "compare", "changed"]); // say nothing of what is selected
const WHOLE = ["columns", "keys"]; // what is so by default, said of itself
const LATER = 250; // milliseconds: browsers refuse to rewrite an address too often

export class Query {
  constructor(search = location.search) {
    this.params = new URLSearchParams(search);
    this.changed = signal();
    addEventListener("popstate", () => {
      const before = `${this.params}`;
      this.params = new URLSearchParams(location.search);
      if (`${this.params}` !== before) this.changed.emit(this);
    });
  }

  toString() {
    return `${this.params}`;
  }

  all(name) {
    return this.params.getAll(name);
  }

  has(name, value) {
    return this.all(name).includes(value);
  }

  /** Makes this the selection, as a new step of the browser's history. */
  set(params) {
    if (`${params}` === `${this.params}`) return;
    this.params = new URLSearchParams(params);
    history.pushState(null, "", `${location.pathname}?${this.params}`);
    this.changed.emit(this);
  }

  /** Changes some parameters: {name: value | [values] | null}. */
  with(changes) {
    const params = new URLSearchParams(this.params);
    for (const [name, value] of Object.entries(changes)) {
      params.delete(name);
      for (const each of [value ?? []].flat()) if (each !== "") params.append(name, each);
    }
    // A view alone would narrow the picture to its own selection again.
    if (params.has("view") && [...params.keys()].every((name) => OTHERS.has(name))) params.append(...WHOLE);
    this.set(params);
  }

  add(name, value) {
    if (!this.has(name, value)) this.with({ [name]: [...this.all(name), value] });
  }

  drop(name, value) {
    this.with({ [name]: this.all(name).filter((each) => each !== value) });
  }

  /** The server's spelling of the same selection: no new step. A saved view stands for its own
   * selection in the address; here it is spelled out. */
  settle(query, spelled = query) {
    this.params = new URLSearchParams(spelled);
    history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
  }
}

/** The hash as {at: [x, y, scale]} or {table: key}, or {}. */
export const readHash = (hash = location.hash) => {
  const text = hash.slice(1);
  if (text.startsWith("table-")) {
    try {
      return { table: decodeURIComponent(text.slice(6)) };
    } catch {
      return { table: text.slice(6) };
    }
  }
  const at = text.startsWith("at=") ? text.slice(3).split(",").map(Number) : [];
  return at.length === 3 && at.every(Number.isFinite) && at[2] > 0 ? { at } : {};
};

/** Keeps the view in the hash, some time after it last moved. */
export const keepView = (viewport) => {
  let timer = 0;
  viewport.changed.on(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const [x, y] = viewport.centre().map(Math.round);
      const hash = `#at=${x},${y},${Number(viewport.scale.toPrecision(4))}`;
      history.replaceState(history.state, "", `${location.pathname}${location.search}${hash}`);
    }, LATER);
  });
};
