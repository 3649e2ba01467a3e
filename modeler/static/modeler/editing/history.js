// What can be undone: states one after another. A state is a value that is never changed.

const MOST = 300;

export class History {
  constructor(state) {
    this.reset(state);
  }

  /** Starts anew: nothing to undo, nothing unsaved. */
  reset(state) {
    Object.assign(this, { past: [], future: [], state, saved: state });
  }

  /** Goes on to another state. */
  push(state) {
    this.past.push(this.state);
    if (this.past.length > MOST) this.past.shift();
    this.future = [];
    this.state = state;
  }

  /** Returns the state before, or null. */
  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }

  step(from, to) {
    if (!from.length) return null;
    to.push(this.state);
    this.state = from.pop();
    return this.state;
  }

  get dirty() {
    return this.state !== this.saved;
  }
}
