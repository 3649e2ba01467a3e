// What is compared: two sources, from old to new, and the usual questions.

import { html } from "../diagram/elements.js";
import { signal } from "../diagram/signal.js";
import { say } from "../diagram/words.js";
import { copied } from "../editing/clipboard.js";
import { notice } from "../editing/notice.js";
import { Refused, ask } from "../editing/requests.js";

const BETWEEN = "..";

export class SourceChoice {
  /** @param {HTMLElement} panel @param {{sources: string, snapshots: string}} addresses */
  constructor(panel, query, addresses) {
    Object.assign(this, { panel, query, addresses });
    this.stopped = signal();
    this.form = panel.querySelector("[data-sources]");
    const { form } = this;
    panel.addEventListener("change", ({ target }) => target.form === form && this.apply());
    form.addEventListener("submit", (event) => event.preventDefault());
    form.querySelector("[data-swap]").addEventListener("click", () => this.swap());
    panel.querySelector("[data-usual]").addEventListener("click", (event) => this.usual(event));
    panel.querySelector("[data-snapshot]").addEventListener("submit", (event) => {
      event.preventDefault();
      this.takeSnapshot(event.target);
    });
  }

  /** Reads what can be compared, once; resolves to the server's answer or null. */
  async load({ again = false } = {}) {
    if (this.data && !again) return this.data;
    try {
      this.data = await ask("GET", this.addresses.sources);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      notice(error.message, { failed: true });
      return null;
    }
    this.fill();
    return this.data;
  }

  fill() {
    const { sources, usual, mayStore, notices } = this.data;
    this.panel.querySelector("[data-usual]").replaceChildren(...usual.map(question));
    this.panel.querySelector("[data-source-notices]").replaceChildren(...notices.map((text) => html("p", { class: "er-help" }, text)));
    for (const name of ["old", "new"]) {
      this.form.elements[name].replaceChildren(
        html("option", { value: "" }, "–"),
        ...sources.map(({ value, title }) => html("option", { value }, title)),
      );
    }
    this.panel.querySelector("[data-snapshot]").hidden = !mayStore;
    this.show();
  }

  /** Shows what the address compares. */
  show() {
    const compare = this.query.params.get("compare") ?? "";
    const compared = split(compare);
    this.showSides(compare, compared);
    this.form.elements.changed.checked = Boolean(this.query.params.get("changed"));
    this.form.elements.changed.disabled = !compare;
    if (!this.data) return;
    for (const [name, value] of [["old", compared[0]], ["new", compared[1]]]) {
      const select = this.form.elements[name];
      // Sources of links and of the steps below are not in the list of usual ones.
      if (value && ![...select.options].some((option) => option.value === value)) select.append(html("option", { value }, value));
      select.value = value;
    }
    for (const button of this.panel.querySelectorAll("[data-compare]")) {
      button.setAttribute("aria-pressed", String(button.dataset.compare === compare));
    }
  }

  /** One line says what is compared, and ends it. */
  showSides(compare, sides) {
    const place = this.panel.querySelector("[data-sides]");
    place.hidden = !compare;
    if (!compare) return;
    const [old, now] = sides.map((side) => this.data?.sources.find(({ value }) => value === side)?.title ?? side);
    const stop = html("button", { type: "button", class: "er-quiet-button" }, say("stopComparing"));
    stop.addEventListener("click", () => this.stopped.emit());
    place.replaceChildren(html("b", {}, old), " → ", html("b", {}, now), " ", stop);
  }

  apply() {
    const { old, new: now, changed } = this.form.elements;
    const compare = old.value && now.value ? `${old.value}${BETWEEN}${now.value}` : null;
    this.query.with({ compare, changed: compare && changed.checked ? "1" : null });
  }

  swap() {
    const { old, new: now } = this.form.elements;
    [old.value, now.value] = [now.value, old.value];
    this.apply();
  }

  async usual({ target }) {
    const compare = target.closest("[data-compare]");
    if (compare) this.query.with({ compare: compare.dataset.compare });
    const copy = target.closest("[data-command]");
    if (!copy) return;
    copy.textContent = say((await copied(copy.dataset.command)) ? "copied" : "copyFailed");
    setTimeout(() => (copy.textContent = say("copy")), 1500);
  }

  async takeSnapshot(form) {
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const taken = await ask("POST", this.addresses.snapshots, { source: "registry", name: form.elements.name.value.trim() });
      form.elements.name.value = "";
      await this.load({ again: true });
      notice(say("snapshotTaken", { name: taken.title }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      notice(error.message, { failed: true });
    } finally {
      button.disabled = false;
    }
  }
}

const question = ({ value, title, command }) => {
  if (!command) return html("li", {}, html("button", { type: "button", class: "er-question-button", "data-compare": value, "aria-pressed": "false" }, title));
  const copy = html("button", { type: "button", class: "er-quiet-button", "data-command": command, "aria-label": say("copyWhat", { what: command }) }, say("copy"));
  return html("li", { class: "er-copy" }, html("span", {}, title), copy, html("pre", {}, command), html("small", {}, say("commandFirst")));
};

/** Both sides of a comparison; a name may hold two dots itself, a source begins behind them. */
export const split = (compare) => {
  const places = [...compare.matchAll(/\.\.(?=(registry|database|migrations|snapshot|expected|file)(:|$))/g)];
  const at = places[0]?.index ?? compare.indexOf(BETWEEN);
  return at < 0 ? ["", ""] : [compare.slice(0, at), compare.slice(at + 2)];
};
