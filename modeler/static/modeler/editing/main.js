// Editing on the diagram page: moving, aligning, notes, undo, saved views.

import { diagram } from "../diagram/main.js";
import { say } from "../diagram/words.js";
import { Arrangement } from "./arrangement.js";
import { Choice } from "./choice.js";
import { Dragging } from "./dragging.js";
import { Hand } from "./hand.js";
import { Marquee } from "./marquee.js";
import { NoteEditor } from "./note_editor.js";
import { Notes } from "./notes.js";
import { Views } from "./views.js";
import { ViewsDialog } from "./views_dialog.js";

const at = (id) => document.getElementById(id);
const { page, gestures, canvas, live } = diagram;

export const arrangement = new Arrangement(diagram, page.dataset.arrangeUrl);
const dragging = new Dragging(diagram, arrangement);
const marquee = new Marquee(diagram);
const notes = new Notes(diagram, arrangement);
const editor = new NoteEditor(diagram, notes);
const views = new Views(diagram, arrangement, page.dataset.viewsUrl);
const viewsDialog = new ViewsDialog(at("er-views"), at("er-views-button"), views);
new Hand(gestures, [
  (...given) => notes.claim(...given),
  (...given) => dragging.claim(...given),
  (...given) => marquee.claim(...given),
]);
new Choice(diagram, arrangement, at("er-choice"));

// ---- Undo and tidy

const steps = {
  undo: async () => {
    if (!arrangement.history.past.length) return;
    await arrangement.undo();
    live.textContent = say("undone");
  },
  redo: async () => {
    if (!arrangement.history.future.length) return;
    await arrangement.redo();
    live.textContent = say("redone");
  },
  tidy: async () => {
    if (await arrangement.tidy()) live.textContent = say("tidied");
  },
};
Object.assign(diagram.actions, steps, {
  note: () => editor.add(),
  views: () => viewsDialog.open(),
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (key === "z") steps[event.shiftKey ? "redo" : "undo"]();
  else if (key === "y") steps.redo();
  else if (key === "s") views.save();
  else return;
  event.preventDefault();
});

const showState = () => {
  const { past, future } = arrangement.history;
  page.querySelector("[data-do=undo]").disabled = !past.length;
  page.querySelector("[data-do=redo]").disabled = !future.length;
  page.querySelector("[data-do=tidy]").disabled = !arrangement.positions;
};
arrangement.changed.on(showState);
showState();
canvas.classList.add("is-editable");
if (diagram.stage.scene) views.follow();
