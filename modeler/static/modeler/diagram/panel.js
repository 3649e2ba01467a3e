// The side panel: what the server says of a table, in a fragment that it has rendered and escaped.

import { signal } from "./signal.js";
import { say } from "./words.js";

const KEPT = 60;
const ACTIONS = ["grow", "focus", "fly", "pathFrom", "open", "closed", "fold"];

export class Panel {
  /** @param {HTMLElement} aside @param {(key: string) => string} address of a table's fragment */
  constructor(aside, address) {
    Object.assign(this, { aside, address, kept: new Map(), key: null });
    this.body = aside.querySelector(".er-panel-body");
    this.closed = signal();
    this.asked = signal(); // (action, key), of the links in the fragment
    aside.querySelector(".er-panel-close").addEventListener("click", () => this.close());
    aside.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    this.body.addEventListener("click", (event) => {
      const link = event.target.closest("a, button");
      const action = ACTIONS.find((name) => link?.dataset[name] !== undefined);
      if (!action || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.asked.emit(action, link.dataset[action]);
    });
  }

  get isOpen() {
    return !this.aside.hidden;
  }

  /** Shows a table; takes the focus along where the keyboard asked for it. */
  async open(key, { focus = false } = {}) {
    this.key = key;
    this.aside.hidden = false;
    const address = this.address(key);
    if (!this.kept.has(address)) {
      this.aside.setAttribute("aria-busy", "true");
      this.body.textContent = say("loading");
    }
    const fragment = await this.read(address);
    if (this.key !== key) return;
    this.aside.removeAttribute("aria-busy");
    this.body.replaceChildren(fragment.cloneNode(true));
    this.body.scrollTop = 0;
    if (focus) this.focus();
  }

  focus() {
    this.aside.focus();
  }

  async read(address) {
    if (!this.kept.has(address)) {
      const template = document.createElement("template");
      try {
        const answer = await fetch(address);
        if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
        template.innerHTML = await answer.text();
      } catch (error) {
        const failed = document.createDocumentFragment();
        failed.append(say("failed", { reason: error.message }));
        return failed;
      }
      this.kept.set(address, template.content);
      if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
    }
    return this.kept.get(address);
  }

  close() {
    if (this.aside.hidden) return;
    const inside = this.aside.contains(document.activeElement);
    this.key = null;
    this.aside.hidden = true;
    this.closed.emit(inside);
  }
}
