// Copying a text; where the browser gives no clipboard (plain http), the old way by a field.

import { html } from "../diagram/elements.js";

export const copied = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = html("textarea", { class: "visually-hidden", readonly: "" });
    field.value = text;
    (document.querySelector("dialog[open]") ?? document.body).append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
};
