// The slider through an app's migrations: each step is compared with the one before, and every
// table stands where it will stand at the end.

import { html } from "../diagram/elements.js";
import { signal } from "../diagram/signal.js";
import { say } from "../diagram/words.js";
import { notice } from "../editing/notice.js";
import { Refused, ask, send } from "../editing/requests.js";

const PACE = 1800; // milliseconds a step
const CALM = 3500; // for who wants less motion
const LATER = 150;

export class MigrationWalk {
  /** @param {HTMLElement} holder @param {object} diagram @param {{steps, arrange}} addresses */
  constructor(holder, diagram, addresses) {
    Object.assign(this, { holder, diagram, addresses, steps: [], places: {}, at: 0, app: "", timer: 0 });
    this.select = holder.querySelector("select");
    this.slider = holder.querySelector("input[type=range]");
    this.name = holder.querySelector("[data-step]");
    this.controls = holder.querySelector("[data-controls]");
    this.playing = signal();
    this.select.addEventListener("change", () => this.start(this.select.value));
    this.slider.addEventListener("input", () => {
      this.pause();
      this.tell(Number(this.slider.value));
      clearTimeout(this.later);
      this.later = setTimeout(() => this.go(Number(this.slider.value)), LATER);
    });
    holder.addEventListener("click", (event) => {
      const button = event.target.closest("[data-walk]");
      if (button) this[button.dataset.walk]();
    });
    const before = diagram.ask;
    diagram.ask = (signal) => (this.isCurrent() ? send("POST", addresses.arrange, this.body(), { signal }) : before(signal));
    diagram.stage.shown.on((scene) => {
      if (!this.isCurrent()) return this.pause();
      for (const { key, x, y } of scene.tables) this.places[key] ??= [x, y];
    });
  }

  fill(apps) {
    this.select.replaceChildren(html("option", { value: "" }, say("chooseApp")), ...apps.map((app) => html("option", { value: app }, app)));
  }

  /** The comparison at a position from 1. */
  compare(position) {
    const { app, steps } = this;
    const before = position > 1 ? steps[position - 2] : "zero";
    return `migrations:${app}.${before}..migrations:${app}.${steps[position - 1]}`;
  }

  isCurrent() {
    return this.at > 0 && this.diagram.query.params.get("compare") === this.compare(this.at);
  }

  body() {
    return { query: `${this.diagram.query}`, positions: this.places };
  }

  /** Reads an app's steps, lays out all of its tables once, and shows the last step. */
  async start(app) {
    this.pause();
    Object.assign(this, { app, steps: [], places: {}, at: 0 });
    this.controls.hidden = true;
    if (!app) return this.end();
    try {
      const { steps } = await ask("GET", this.addresses.steps.replace("__key__", encodeURIComponent(app)));
      if (this.app !== app) return;
      this.steps = steps;
      if (!steps.length) return;
      const params = new URLSearchParams(this.diagram.query.params);
      this.before ??= params.getAll("app");
      params.delete("changed");
      params.set("app", app);
      params.set("compare", `migrations:${app}.zero..migrations:${app}.${steps.at(-1)}`);
      const whole = await ask("POST", this.addresses.arrange, { query: `${params}`, positions: {} });
      if (this.app !== app) return;
      this.places = Object.fromEntries(whole.tables.map(({ key, x, y }) => [key, [x, y]]));
      const [x, y, w, h] = whole.bounds;
      this.bounds = { x, y, w, h };
      this.slider.max = steps.length;
      this.controls.hidden = false;
      await this.go(steps.length, { first: true });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      notice(error.message, { failed: true });
    }
  }

  /** Ends the walk: the apps are shown again that were shown before it. */
  end() {
    this.select.value = "";
    const apps = this.before ?? [];
    this.before = null;
    this.diagram.query.with({ compare: null, changed: null, app: apps });
  }

  /** Shows a step. */
  async go(position, { first = false } = {}) {
    const at = Math.max(1, Math.min(this.steps.length, position));
    if (at === this.at && !first) return;
    this.at = at;
    this.slider.value = at;
    this.tell(at);
    const { query, viewport } = this.diagram;
    const params = new URLSearchParams(query.params);
    params.set("compare", this.compare(at));
    if (first) {
      params.delete("app");
      params.append("app", this.app);
      viewport.setBounds(this.bounds);
      viewport.fit(this.bounds);
    }
    // A walk is one step of the browser's history, not one for each migration.
    if (first) history.pushState(null, "", `${location.pathname}?${params}`);
    query.settle(`${params}`);
    await this.diagram.load({ at: [...viewport.centre(), viewport.scale] });
  }

  tell(at) {
    const text = say("stepOf", { name: this.steps[at - 1], at, of: this.steps.length });
    this.name.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
  }

  back() {
    this.pause();
    return this.go(this.at - 1);
  }

  forth() {
    this.pause();
    return this.go(this.at + 1);
  }

  /** Plays from here, or from the beginning where it is at the end; again, it stops. */
  async play() {
    if (this.timer) return this.pause();
    const pace = matchMedia("(prefers-reduced-motion: reduce)").matches ? CALM : PACE;
    const next = async () => {
      if (!this.timer) return;
      await this.go(this.at + 1);
      if (this.timer) this.timer = this.at < this.steps.length ? setTimeout(next, pace) : this.pause();
    };
    this.timer = -1;
    this.showPlaying();
    if (this.at >= this.steps.length) await this.go(1);
    if (this.timer) this.timer = setTimeout(next, pace);
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.showPlaying();
    return 0;
  }

  showPlaying() {
    const button = this.holder.querySelector("[data-walk=play]");
    button.textContent = say(this.timer ? "pause" : "play");
    button.setAttribute("aria-pressed", String(Boolean(this.timer)));
  }
}
