// The list of changes beside the picture: app, table, sentences. Filtered by kind; a step through
// it flies from table to table.

import { html } from "../diagram/elements.js";
import { count, say } from "../diagram/words.js";
import { signal } from "../diagram/signal.js";
import { KINDS, signImage } from "./signs.js";

const MANY = 400; // lines above which apps are closed at first
const PART = 150; // tables that are listed at once

export class ChangeList {
  /** @param {HTMLElement} holder with places for the filter, the steps and the list */
  constructor(holder) {
    this.filter = holder.querySelector("[data-filter]");
    this.place = holder.querySelector("[data-changes]");
    this.summary = holder.querySelector("[data-summary]");
    this.stepping = holder.querySelector("[data-stepping]");
    Object.assign(this, { apps: [], shown: new Set(KINDS), at: -1, key: null });
    this.chosen = signal(); // (table's key)
    this.filter.addEventListener("click", (event) => {
      const button = event.target.closest("[data-kind]");
      if (button) this.toggle(button.dataset.kind);
    });
    this.place.addEventListener("click", (event) => {
      const button = event.target.closest("[data-table]");
      if (button) this.choose(button.dataset.table);
    });
  }

  /** Shows the changes of a comparison: apps as the server lists them. */
  show(apps, inPicture) {
    this.apps = apps;
    this.inPicture = inPicture;
    this.counts = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
    for (const entry of this.entries(apps)) this.counts[entry.kind]++;
    this.fill();
  }

  *entries(apps) {
    for (const { tables } of apps) for (const { entries } of tables) yield* entries;
  }

  toggle(kind) {
    if (!this.shown.delete(kind)) this.shown.add(kind);
    this.fill();
    this.filter.querySelector(`[data-kind=${kind}]`)?.focus();
  }

  /** The apps with what the filter leaves. */
  left() {
    const keep = ({ kind }) => this.shown.has(kind);
    return this.apps
      .map((app) => ({
        ...app,
        tables: app.tables.map((table) => ({ ...table, entries: table.entries.filter(keep) })).filter(({ entries }) => entries.length),
      }))
      .filter(({ tables }) => tables.length);
  }

  fill() {
    const apps = this.left();
    this.tables = apps.flatMap(({ tables }) => tables).filter(({ key }) => this.inPicture(key));
    this.at = this.tables.findIndex(({ key }) => key === this.key);
    const total = Object.values(this.counts).reduce((sum, number) => sum + number, 0);
    const left = [...this.entries(apps)].length;
    this.summary.textContent = !total ? say("noChanges") : left === total ? count("changes", total) : say("changesLeft", { left, total });
    this.filter.replaceChildren(
      ...KINDS.filter((kind) => this.counts[kind]).map((kind) =>
        html("button", { type: "button", class: "er-kind-filter", "data-kind": kind, "aria-pressed": String(this.shown.has(kind)) },
          signImage(kind), html("span", {}, say(`kind-${kind}`)), html("b", {}, `${this.counts[kind]}`))),
    );
    this.place.replaceChildren(...apps.map((app) => this.group(app, left <= MANY)));
    this.stepping.hidden = !this.tables.length;
    this.mark();
  }

  group(app, open) {
    const lines = app.tables.reduce((sum, { entries }) => sum + entries.length, 0);
    const list = html("ul", {});
    const details = html("details", { open: open ? "" : null },
      html("summary", {}, html("span", {}, app.title || say("noModel")), html("small", {}, `${lines}`)), list);
    const fill = () => {
      if (list.children.length) return;
      list.append(...app.tables.slice(0, PART).map((table) => this.table(table)));
      if (app.tables.length <= PART) return;
      const more = html("button", { type: "button", class: "er-quiet-button" }, say("moreTables", { count: app.tables.length - PART }));
      more.addEventListener("click", () => {
        more.parentNode.remove();
        list.append(...app.tables.slice(PART).map((table) => this.table(table)));
      });
      list.append(html("li", {}, more));
    };
    if (open) fill();
    else details.addEventListener("toggle", fill);
    return details;
  }

  table({ key, name, kind, entries }) {
    const title = [signImage(kind), html("span", { class: "visually-hidden" }, `${say(`kind-${kind}`)}: `), html("span", { class: `er-change-name is-${kind}` }, name)];
    // One line about the whole table needs no list below it.
    const alone = entries.length === 1 && entries[0].part === "table";
    if (alone) title.push(html("small", {}, entries[0].sentence));
    else title.push(html("small", {}, count("changes", entries.length)));
    const head = key
      ? html("button", { type: "button", class: `er-change-table${this.inPicture(key) ? "" : " is-elsewhere"}`, "data-table": key, title: this.inPicture(key) ? null : say("notInPicture") }, ...title)
      : html("span", { class: "er-change-table" }, ...title);
    if (alone) return html("li", {}, head);
    return html("li", {}, head, html("ul", {}, ...entries.map((entry) =>
      html("li", { class: "er-change-line" }, signImage(entry.kind), html("span", {}, entry.sentence)))));
  }

  choose(key) {
    this.key = key;
    this.at = this.tables.findIndex((table) => table.key === key);
    this.mark();
    this.chosen.emit(key);
  }

  /** Goes to the next (1) or previous (-1) table that changed. */
  step(by) {
    const { length } = this.tables;
    if (!length) return null;
    this.at = this.at < 0 ? (by > 0 ? 0 : length - 1) : (this.at + by + length) % length;
    const table = this.tables[this.at];
    this.key = table.key;
    this.mark();
    this.chosen.emit(table.key);
    return { table, at: this.at + 1, of: length };
  }

  mark() {
    for (const button of this.place.querySelectorAll("[data-table]")) {
      const current = button.dataset.table === this.key;
      if (current) {
        button.setAttribute("aria-current", "true");
        button.scrollIntoView({ block: "nearest" });
      } else button.removeAttribute("aria-current");
    }
  }
}
