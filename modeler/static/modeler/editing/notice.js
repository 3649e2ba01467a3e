// A sentence about what has just happened, above the picture; it stays until it is closed or the
// next one comes.

import { html } from "../diagram/elements.js";
import { say } from "../diagram/words.js";

const holder = document.getElementById("er-notice");

/** Says it; `failed` for what went wrong, `act` {text, run} for what can be done about it. Without
 * a text the last one goes. */
export const notice = (text, { failed = false, act = null } = {}) => {
  if (!text) return holder.replaceChildren();
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
