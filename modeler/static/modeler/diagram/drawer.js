// The drawer on the left: a form that says what is shown. It works without a script as well; here
// every change asks for a new picture at once.

import { html } from "./elements.js";
import { suggestTables } from "./suggest.js";
import { known, say } from "./words.js";

const LATER = 300;
const DEFAULTS = { columns: "keys", hops: "1", hubs: "15", way: "-1" };

export class Drawer {
  /**
   * @param {HTMLFormElement} form
   * @param {import("./address.js").Query} query
   * @param {() => Promise<import("./finder.js").Finder>} finder
   */
  constructor(form, query, finder) {
    Object.assign(this, { form, query });
    this.chips = document.getElementById("er-chips");
    let timer = 0;
    const change = () => {
      clearTimeout(timer);
      timer = 0;
      this.query.set(this.read());
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      change();
    });
    form.addEventListener("input", ({ target }) => {
      clearTimeout(timer);
      timer = setTimeout(change, target.matches("[type=search], [type=number]") ? LATER : 0);
    });
    for (const input of form.querySelectorAll("[data-table]")) suggestTables(input, finder, change);
    form.querySelector("[data-reset]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.query.set("");
    });
    form.querySelector("#er-app-filter")?.addEventListener("input", (event) => {
      event.stopPropagation();
      const typed = event.target.value.trim().toLowerCase();
      for (const line of form.querySelectorAll(".er-apps li")) line.hidden = !line.textContent.toLowerCase().includes(typed);
    });
    this.chips.addEventListener("click", (event) => {
      const chip = event.target.closest("[data-name]");
      if (!chip) return;
      this.drop(chip.dataset.name, chip.dataset.value);
      document.getElementById("er-canvas").focus({ preventScroll: true });
    });
  }

  /** The form's values, without what is as it is by default. */
  read() {
    const params = new URLSearchParams();
    // Within a saved view, what is as it is by default must be said.
    if (this.query.all("view").length) params.set("columns", DEFAULTS.columns);
    for (const [name, value] of new FormData(this.form)) {
      const text = String(value).trim();
      if (text && text !== DEFAULTS[name]) params[name === "columns" ? "set" : "append"](name, text);
    }
    // What the form has no field for, such as single tables, stays as it is.
    for (const [name, value] of this.query.params) if (!this.form.elements[name]) params.append(name, value);
    const focus = params.getAll("focus");
    const [first, ...others] = this.query.all("focus");
    // Several focus tables come from links; the field shows the first of them.
    if (focus[0] && focus[0] === first) for (const other of others) params.append("focus", other);
    if (!params.has("focus")) for (const name of ["hops", "hubs"]) params.delete(name);
    if (!params.get("from") || !params.get("to")) params.delete("way");
    return params;
  }

  /** Shows a selection in the form and as chips. */
  show() {
    for (const field of this.form.elements) {
      if (!field.name) continue;
      const values = this.query.all(field.name);
      if (field.type === "checkbox") field.checked = values.includes(field.value);
      else if (field.type === "radio") field.checked = field.value === (values[0] ?? DEFAULTS[field.name] ?? "");
      else if (field !== document.activeElement) field.value = values[0] ?? DEFAULTS[field.name] ?? "";
    }
    this.chips.replaceChildren(...[...this.query.params].filter(([name, value]) => known(`chip-${name}`) && value !== DEFAULTS[name]).map((pair) => chip(...pair)));
  }

  drop(name, value) {
    const rest = this.query.all(name).filter((each) => each !== value);
    const changes = { [name]: rest };
    if (name === "focus" && !rest.length) Object.assign(changes, { hops: null, hubs: null });
    if (name === "from" || name === "to") Object.assign(changes, { way: null });
    this.query.with(changes);
  }
}

const chip = (name, value) =>
  html("button", { type: "button", class: "er-chip", "data-name": name, "data-value": value },
    html("span", {}, say(`chip-${name}`, { value })),
    html("span", { class: "er-chip-x", "aria-hidden": "true" }, "×"),
    html("span", { class: "visually-hidden" }, ` ${say("remove")}`));
