// The palette: "/" opens it, typing searches the whole project, Enter flies there.

import { html } from "./elements.js";
import { marked } from "./marked.js";
import { signal } from "./signal.js";
import { count, say } from "./words.js";

export class Palette {
  /**
   * @param {HTMLDialogElement} dialog with an input and a list box
   * @param {() => Promise<import("./finder.js").Finder>} finder
   * @param {(key: string) => boolean} shown whether a table is in the picture
   */
  constructor(dialog, finder, shown) {
    Object.assign(this, { dialog, finder, shown, hits: [], at: 0 });
    this.input = dialog.querySelector("input");
    this.list = dialog.querySelector("[role=listbox]");
    this.status = dialog.querySelector("[role=status]");
    this.chosen = signal(); // (hit)
    this.input.addEventListener("input", () => this.search());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.number));
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }

  async open() {
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.input.select();
    this.ready = await this.finder();
    this.search();
  }

  search() {
    if (!this.ready) return;
    this.hits = this.ready.find(this.input.value);
    this.at = 0;
    let app = null;
    this.list.replaceChildren(
      ...this.hits.map((hit, number) => this.option(hit, number, app, (app = hit.kind))),
    );
    const typed = this.input.value.trim();
    this.status.textContent = typed ? (this.hits.length ? count("hits", this.hits.length) : say("nothing")) : "";
    this.mark();
  }

  option(hit, number, before) {
    const title = hit.kind === "table" ? marked(hit.text, hit.hits) : [hit.table.title];
    const line = html("span", { class: "er-hit-title" }, ...title);
    if (hit.column) line.append(".", ...(hit.kind === "column" ? marked(hit.text, hit.hits) : [hit.column]));
    const option = html("div", { role: "option", id: `er-hit-${number}`, "data-number": number, class: "er-hit" }, line);
    if (hit.kind === "table" && hit.text !== hit.table.title) line.append(html("span", { class: "er-hit-more" }, ` ${hit.table.title}`));
    option.append(html("span", { class: "er-hit-app" }, hit.table.app || ""));
    if (hit.kind === "text") option.append(html("span", { class: "er-hit-text" }, ...marked(hit.text, hit.hits)));
    if (!this.shown(hit.table.key)) option.append(html("span", { class: "er-hit-add" }, say("add")));
    if (hit.kind !== before) option.dataset.group = say(`group-${hit.kind}`);
    return option;
  }

  mark() {
    const options = this.list.children;
    for (const [number, option] of [...options].entries()) option.setAttribute("aria-selected", number === this.at);
    const current = options[this.at];
    current?.scrollIntoView({ block: "nearest" });
    if (current) this.input.setAttribute("aria-activedescendant", current.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step && this.hits.length) {
      const last = this.hits.length - 1;
      const next = this.at + step;
      this.at = Math.abs(step) === 1 ? (next + last + 1) % (last + 1) : Math.max(0, Math.min(last, next));
      this.mark();
      event.preventDefault();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.choose(this.at);
    }
  }

  choose(number) {
    const hit = this.hits[number];
    if (!hit) return;
    this.dialog.close();
    this.chosen.emit(hit);
  }
}
