// A sentence about what has just happened, above the picture; it stays until it is closed or the
// next one comes.

import { html } from "../diagram/elements.js";
import { say } from "../diagram/words.js";

const above = document.getElementById("er-notice");

/** An open dialog makes the page behind it mute: there it says so itself. */
const place = () => document.querySelector("dialog[open] [data-notice]") ?? above;

/** Says it; `failed` for what went wrong, `act` {text, run} for what can be done about it. Without
 * a text the last one goes. */
export const notice = (text, { failed = false, act = null } = {}) => {
  for (const holder of document.querySelectorAll("[data-notice]")) holder.replaceChildren();
  if (!text) return;
  const holder = place();
  const close = html("button", { type: "button", class: "er-notice-close", "aria-label": say("close") }, "×");
  close.addEventListener("click", () => holder.replaceChildren());
  const more = act && html("button", { type: "button", class: "er-quiet-button" }, act.text);
  more?.addEventListener("click", () => {
    holder.replaceChildren();
    act.run();
  });
  holder.replaceChildren(
    html("p", { class: `modeler-notice${failed ? " is-failed" : ""}`, role: failed ? "alert" : "status" }, html("span", {}, text, " ", more ?? ""), close),
  );
};
