// The tables chosen in the picture, by key, in the order of choosing. One of them, the last, is the
// current one: what the panel tells about and where arrow keys start.

import { signal } from "./signal.js";

export class Selection {
  constructor() {
    this.keys = new Set();
    this.changed = signal();
  }

  get current() {
    return [...this.keys].at(-1) ?? null;
  }

  has(key) {
    return this.keys.has(key);
  }

  /** Chooses exactly these. */
  set(...keys) {
    if (keys.length === this.keys.size && keys.every((key) => this.keys.has(key))) return;
    this.keys = new Set(keys);
    this.changed.emit(this);
  }

  clear() {
    this.set();
  }
}
