// Notes on the canvas: choosing, moving, resizing, colouring, deleting. Their texts and places are
// part of what is arranged, and of its undo.

import { short, svg } from "../diagram/elements.js";
import { union } from "../diagram/rectangle.js";
import { signal } from "../diagram/signal.js";
import { say } from "../diagram/words.js";
import { drawNote } from "./note_box.js";

const LEAST = 40; // units a side
const GRID = 4;
const CORNER = { mouse: 12, pen: 16, touch: 26 }; // pixels around the corner that resize
const NEW = { w: 200, h: 110 }; // pixels on the screen

export class Notes {
  constructor(diagram, arrangement) {
    Object.assign(this, { diagram, arrangement, chosen: -1, preview: null });
    const { stage, viewport } = diagram;
    this.layer = svg("g", { class: "er-notes" });
    this.frame = svg("g", { class: "er-rings" });
    stage.root.insertBefore(this.layer, stage.rings);
    stage.root.append(this.frame);
    this.edit = signal(); // (number): its text is asked for
    this.choice = signal(); // another one is chosen, or it has moved on the screen
    arrangement.changed.on(() => this.draw());
    stage.shown.on((scene) => {
      scene.extras = (tile) => this.within(tile).map(drawNote);
      this.draw();
    });
    viewport.changed.on(() => this.drawFrame());
    diagram.selection.changed.on(() => diagram.selection.current && this.choose(-1));
  }

  /** The notes as they are drawn: one of them may be in the hand. */
  list() {
    const notes = [...this.arrangement.notes];
    if (this.preview) notes[this.preview.number] = this.preview.note;
    return notes;
  }

  get current() {
    return this.list()[this.chosen] ?? null;
  }

  within({ x, y, w, h }) {
    return this.arrangement.notes.filter((note) => note.x < x + w && note.x + note.w > x && note.y < y + h && note.y + note.h > y);
  }

  draw() {
    if (this.chosen >= this.arrangement.notes.length && !this.preview) this.chosen = -1;
    const notes = this.list();
    this.layer.replaceChildren(...notes.map(drawNote));
    const { stage, viewport } = this.diagram;
    if (stage.scene) viewport.setBounds(union([stage.scene.bounds, ...notes]));
    this.drawFrame();
  }

  drawFrame() {
    const note = this.current;
    const unit = 1 / this.diagram.viewport.scale;
    this.frame.replaceChildren(
      ...(note
        ? [
            svg("rect", { class: "er-ring", x: note.x - 2 * unit, y: note.y - 2 * unit, width: note.w + 4 * unit, height: note.h + 4 * unit, rx: 4 + 2 * unit, "stroke-width": short(2 * unit) }),
            svg("rect", { class: "er-corner", x: note.x + note.w - 5 * unit, y: note.y + note.h - 5 * unit, width: 10 * unit, height: 10 * unit, rx: 2 * unit, "stroke-width": short(1.5 * unit) }),
          ]
        : []),
    );
    this.choice.emit(note);
  }

  choose(number) {
    if (number === this.chosen) return;
    this.chosen = number;
    if (number >= 0) {
      this.diagram.selection.clear();
      this.diagram.live.textContent = say("noteChosen", { number: number + 1, count: this.arrangement.notes.length, text: this.current.text });
    }
    this.drawFrame();
  }

  /** The number of the note under a point of the canvas, the last drawn first; or -1. */
  under(point) {
    const [x, y] = this.diagram.viewport.toPicture(...point);
    return this.list().findLastIndex((note) => x >= note.x && x <= note.x + note.w && y >= note.y && y <= note.y + note.h);
  }

  /** A claim of the hand: the chosen note's corner, or a note. */
  claim(point, event, rested) {
    const touch = event.pointerType === "touch";
    const { viewport } = this.diagram;
    const note = this.current;
    if (note) {
      const [x, y] = viewport.toScreen(note.x + note.w, note.y + note.h);
      const reach = CORNER[event.pointerType] ?? CORNER.mouse;
      if (Math.abs(point[0] - x) <= reach && Math.abs(point[1] - y) <= reach) return this.grip(this.chosen, resized);
    }
    const number = this.under(point);
    if (number < 0) {
      if (this.chosen >= 0 && !rested) this.choose(-1);
      return null;
    }
    const was = this.chosen === number;
    const grip = this.grip(number, placed);
    grip.tap = () => (was ? this.edit.emit(number) : this.choose(number));
    grip.rest = () => this.choose(number);
    if (touch && !was && !rested) {
      // A finger that goes on pans, wherever it began.
      let last = [0, 0];
      Object.assign(grip, {
        move: (dx, dy) => {
          viewport.panBy(dx - last[0], dy - last[1]);
          last = [dx, dy];
        },
        drop: () => {},
        cancel: () => {},
      });
    }
    return grip;
  }

  grip(number, change) {
    const { scale } = this.diagram.viewport;
    const before = this.list()[number];
    return {
      move: (dx, dy) => {
        this.choose(number);
        this.preview = { number, note: change(before, dx / scale, dy / scale) };
        this.draw();
      },
      drop: () => {
        const { note } = this.preview;
        this.preview = null;
        this.put(number, note);
      },
      cancel: () => {
        this.preview = null;
        this.draw();
      },
    };
  }

  /** Puts another note in the place of one. */
  put(number, note) {
    this.arrangement.setNotes(this.arrangement.notes.map((each, i) => (i === number ? note : each)));
  }

  color(color) {
    if (this.current) this.put(this.chosen, { ...this.current, color });
  }

  remove() {
    const { chosen } = this;
    if (chosen < 0) return;
    this.chosen = -1;
    this.arrangement.setNotes(this.arrangement.notes.filter((_, i) => i !== chosen));
    this.diagram.live.textContent = say("noteGone");
  }

  nudge([across, down], step, resize = false) {
    const { current } = this;
    this.put(this.chosen, (resize ? resized : placed)(current, across * step, down * step));
    const { x, y, w, h } = this.current;
    this.diagram.live.textContent = say(resize ? "noteSize" : "notePlace", { x, y, w, h });
  }

  /** The next note, round and round: for the keyboard. */
  next() {
    const { length } = this.arrangement.notes;
    if (!length) return;
    this.choose((this.chosen + 1) % length);
    const { x, y, w, h } = this.current;
    this.diagram.viewport.flyTo(x + w / 2, y + h / 2);
  }

  /** A note that is not yet there, in the middle of what is seen. */
  fresh() {
    const { viewport } = this.diagram;
    const [x, y] = viewport.centre();
    const [w, h] = [NEW.w / viewport.scale, NEW.h / viewport.scale];
    return { ...rounded({ x: x - w / 2, y: y - h / 2, w, h }), text: "", color: "yellow" };
  }
}

const grid = (length) => Math.round(length / GRID) * GRID;
const rounded = ({ x, y, w, h }) => ({ x: grid(x), y: grid(y), w: Math.max(LEAST, grid(w)), h: Math.max(LEAST, grid(h)) });
const placed = (note, dx, dy) => ({ ...note, ...rounded({ ...note, x: note.x + dx, y: note.y + dy }) });
const resized = (note, dx, dy) => ({ ...note, ...rounded({ ...note, w: note.w + dx, h: note.h + dy }) });
