// Writing in a note, in its place, and the bar above the chosen one.

import { html } from "../diagram/elements.js";
import { say } from "../diagram/words.js";
import { COLORS } from "./note_box.js";
import { written } from "./note_text.js";

const LONGEST = 2000; // characters, as the server keeps them
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 20;
const LEAST = { w: 190, h: 84 }; // pixels of the field

export class NoteEditor {
  constructor(diagram, notes) {
    Object.assign(this, { diagram, notes, number: -1, note: null });
    const { canvas, viewport } = diagram;
    this.field = html("textarea", { class: "er-note-field er-over", maxlength: LONGEST, "aria-label": say("noteText"), hidden: "" });
    this.bar = this.makeBar();
    canvas.append(this.field, this.bar);
    this.field.addEventListener("blur", () => this.finish());
    this.field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key !== "Escape" && !(event.key === "Enter" && (event.ctrlKey || event.metaKey))) return;
      event.preventDefault();
      canvas.focus({ preventScroll: true });
    });
    notes.edit.on((number) => this.open(number));
    notes.choice.on(() => this.place());
    viewport.changed.on(() => this.place());
    canvas.addEventListener("keydown", (event) => this.key(event), { capture: true });
    canvas.addEventListener("dblclick", (event) => {
      const number = notes.under(diagram.gestures.at(event));
      if (number < 0) return;
      event.stopImmediatePropagation();
      event.preventDefault();
    }, { capture: true });
  }

  makeBar() {
    const { notes } = this;
    const button = (attributes, act, ...inner) => {
      const node = html("button", { type: "button", ...attributes }, ...inner);
      node.addEventListener("click", act);
      return node;
    };
    return html("div", { class: "er-note-bar er-over", role: "group", "aria-label": say("note"), hidden: "" },
      ...COLORS.map((color) => button({ class: `er-swatch is-${color}`, "data-color": color, "aria-label": say(`color-${color}`), title: say(`color-${color}`) }, () => notes.color(color))),
      button({ class: "er-note-write" }, () => this.open(notes.chosen), say("write")),
      button({ class: "er-note-delete" }, () => {
        notes.remove();
        this.diagram.canvas.focus({ preventScroll: true });
      }, say("delete")));
  }

  /** Writes a new note; it is there once it says something. */
  add() {
    this.finish();
    this.notes.choose(-1);
    this.begin(this.diagram.stage.scene ? this.notes.arrangement.notes.length : 0, this.notes.fresh());
  }

  open(number) {
    const note = this.notes.arrangement.notes[number];
    if (note) this.begin(number, note);
  }

  begin(number, note) {
    Object.assign(this, { number, note });
    this.notes.preview = { number, note: { ...note, text: "" } };
    this.notes.chosen = number;
    this.notes.draw();
    this.field.value = note.text;
    this.field.className = `er-note-field er-over is-${note.color}`;
    this.field.hidden = false;
    this.place();
    this.field.focus({ preventScroll: true });
  }

  finish() {
    if (!this.note) return;
    const { notes, number, note, field } = this;
    const text = field.value.trimEnd();
    const fresh = number >= notes.arrangement.notes.length;
    this.note = null;
    field.hidden = true;
    notes.preview = null;
    if (fresh && text) notes.arrangement.setNotes([...notes.arrangement.notes, { ...note, text }]);
    else if (!fresh && text !== note.text) notes.put(number, { ...note, text });
    if (fresh && text) this.diagram.live.textContent = say("noteAdded");
    notes.chosen = fresh && !text ? -1 : number;
    notes.draw();
  }

  /** Field and bar stand where the note is on the screen. */
  place() {
    const { viewport } = this.diagram;
    const note = this.notes.current;
    this.bar.hidden = !note || Boolean(this.note);
    if (!note) return;
    const [x, y] = viewport.toScreen(note.x, note.y);
    const [w, h] = [note.w * viewport.scale, note.h * viewport.scale];
    if (this.note) {
      const [width, height] = [Math.max(w, LEAST.w), Math.max(h, LEAST.h)];
      const { style } = this.field;
      style.width = `${width}px`;
      style.height = `${height}px`;
      style.fontSize = `${Math.max(13, Math.min(40, written(this.note).size * viewport.scale))}px`;
      style.transform = `translate(${inside(x, width, viewport.width)}px, ${inside(y, height, viewport.height)}px)`;
      return;
    }
    for (const swatch of this.bar.querySelectorAll("[data-color]")) swatch.setAttribute("aria-pressed", String(swatch.dataset.color === note.color));
    const { offsetWidth, offsetHeight } = this.bar;
    const above = y - offsetHeight - 8;
    this.bar.style.transform = `translate(${inside(x, offsetWidth, viewport.width)}px, ${inside(above < 6 ? y + h + 10 : above, offsetHeight, viewport.height)}px)`;
  }

  key(event) {
    const { notes, diagram } = this;
    if (event.target !== diagram.canvas || event.ctrlKey || event.metaKey) return;
    if (event.key === "N" && !event.altKey) notes.next();
    else if (event.key === "n" && !event.altKey) this.add();
    else if (notes.chosen < 0) return;
    else if (event.altKey && ARROWS[event.key]) notes.nudge(ARROWS[event.key], STEP, event.shiftKey);
    else if (event.altKey) return;
    else if (event.key === "Enter") this.open(notes.chosen);
    else if (event.key === "Delete" || event.key === "Backspace") notes.remove();
    else if (event.key === "Escape") notes.choose(-1);
    else if (event.key === "c") notes.color(COLORS[(COLORS.indexOf(notes.current.color) + 1) % COLORS.length]);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

const inside = (at, length, room) => Math.round(Math.max(4, Math.min(at, room - length - 4)));
