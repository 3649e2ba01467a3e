// Questions in dialogs of the page's own: yes or no, and what to do when two people saved.

import { say } from "../diagram/words.js";

/** Resolves to the value of the button that closed the dialog, "" for Escape. */
const answered = (dialog) =>
  new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
    dialog.showModal();
  });

const at = (id) => document.getElementById(id);

/** Asks; `yes` is what the button says. */
export const confirmed = async (text, yes) => {
  const dialog = at("er-ask");
  dialog.querySelector("[data-text]").textContent = text;
  dialog.querySelector("[value=yes]").textContent = yes;
  return (await answered(dialog)) === "yes";
};

/** Asks for a text; resolves to it, or to null. */
export const asked = async (text, value, yes = say("save")) => {
  const dialog = at("er-ask-text");
  const input = dialog.querySelector("input");
  dialog.querySelector("[data-text]").textContent = text;
  dialog.querySelector("[value=yes]").textContent = yes;
  input.value = value;
  const answer = answered(dialog);
  input.select();
  return (await answer) === "yes" && input.value.trim() ? input.value.trim() : null;
};

/** Says what the server said of a conflict; resolves to "theirs", "new", "over" or "". */
export const conflict = (sentence) => {
  const dialog = at("er-conflict");
  dialog.querySelector("[data-text]").textContent = sentence;
  return answered(dialog);
};
