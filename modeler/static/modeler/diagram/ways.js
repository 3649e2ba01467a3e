// The ways between two tables: each with the lookup and the SQL to copy.

import { html } from "./elements.js";
import { count, say } from "./words.js";

/**
 * @param {HTMLElement} holder
 * @param {import("./address.js").Query} query
 */
export const showWays = (holder, query, paths) => {
  holder.hidden = !query.params.get("from") || !query.params.get("to");
  if (holder.hidden) return holder.replaceChildren();
  const chosen = query.params.get("way");
  if (!paths?.length) return holder.replaceChildren(html("p", {}, say("noWay")));
  const items = paths.map((path, number) => {
    const item = html("li", { class: chosen === `${number}` ? "is-chosen" : null },
      html("p", { class: "er-way-tables" }, path.tables.join(" → ")),
      html("p", { class: "er-way-length" }, count("steps", path.length)));
    if (path.lookup) item.append(copyable(say("lookup"), path.lookup));
    else if (path.noLookup) item.append(html("p", { class: "er-help" }, path.noLookup));
    if (path.sql) item.append(copyable(say("sql"), path.sql));
    const alone = html("button", { type: "button", class: "er-quiet-button" }, say(chosen === `${number}` ? "allWays" : "onlyWay"));
    alone.addEventListener("click", () => query.with({ way: chosen === `${number}` ? null : `${number}` }));
    item.append(alone);
    for (const key of path.tables.slice(1, -1)) {
      const avoid = html("button", { type: "button", class: "er-quiet-button" }, say("avoidTable", { table: key }));
      avoid.addEventListener("click", () => query.add("avoid", key));
      item.append(" ", avoid);
    }
    return item;
  });
  holder.replaceChildren(html("ol", { class: "er-ways" }, ...items));
};

const copyable = (name, text) => {
  const button = html("button", { type: "button", class: "er-quiet-button" }, say("copy"));
  button.setAttribute("aria-label", say("copyWhat", { what: name }));
  button.addEventListener("click", async () => {
    button.textContent = say((await copied(text)) ? "copied" : "copyFailed");
    setTimeout(() => (button.textContent = say("copy")), 1500);
  });
  return html("div", { class: "er-copy" }, html("span", {}, name), button, html("pre", {}, text));
};

/** Copies; where the browser gives no clipboard (plain http), the old way by a text field. */
const copied = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = html("textarea", { class: "visually-hidden", readonly: "" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
};
