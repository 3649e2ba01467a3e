// Editing on the diagram page: moving, aligning, notes, undo, saved views.

import { diagram } from "../diagram/main.js";
import { say } from "../diagram/words.js";
import { Arrangement } from "./arrangement.js";
import { Choice } from "./choice.js";
import { Dragging } from "./dragging.js";
import { Hand } from "./hand.js";
import { Marquee } from "./marquee.js";

const at = (id) => document.getElementById(id);
const { page, gestures, canvas, live } = diagram;

export const arrangement = new Arrangement(diagram, page.dataset.arrangeUrl);
const dragging = new Dragging(diagram, arrangement);
const marquee = new Marquee(diagram);
const hand = new Hand(gestures, [
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
Object.assign(diagram.actions, steps);

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (key === "z") steps[event.shiftKey ? "redo" : "undo"]();
  else if (key === "y") steps.redo();
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
