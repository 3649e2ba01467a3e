// A field that takes a table's key, with suggestions while typing: a combobox.

import { html } from "./elements.js";
import { marked } from "./marked.js";

const MOST = 8;

/**
 * @param {HTMLInputElement} input
 * @param {() => Promise<import("./finder.js").Finder>} finder
 * @param {() => void} chosen called when a table has been taken
 */
export const suggestTables = (input, finder, chosen) => {
  const list = html("div", { role: "listbox", class: "er-suggestions", id: `${input.id}-list`, "aria-label": input.labels[0].textContent });
  list.hidden = true;
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  let [hits, at] = [[], 0];

  const show = (found) => {
    hits = found;
    at = 0;
    list.hidden = !hits.length;
    input.setAttribute("aria-expanded", String(hits.length > 0));
    list.replaceChildren(
      ...hits.map((hit, number) =>
        html("div", { role: "option", id: `${list.id}-${number}`, "data-number": number }, ...marked(hit.text, hit.hits), " ", html("small", {}, hit.table.key)),
      ),
    );
    mark();
  };
  const mark = () => {
    [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    if (hits.length) input.setAttribute("aria-activedescendant", `${list.id}-${at}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const take = (hit) => {
    input.value = hit.table.key;
    show([]);
    chosen();
  };

  input.addEventListener("input", async (event) => {
    // The field tells of itself only when a table is taken, or emptied.
    event.stopPropagation();
    const typed = input.value;
    const found = (await finder()).find(typed, 40).filter(({ kind }) => kind === "table").slice(0, MOST);
    if (input.value === typed) show(found);
    if (!typed.trim()) chosen();
  });
  input.addEventListener("keydown", (event) => {
    if (!hits.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      at = (at + step + hits.length) % hits.length;
      mark();
    } else if (event.key === "Enter") take(hits[at]);
    else if (event.key === "Escape") show([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    event.preventDefault(); // the field keeps the focus
    if (option) take(hits[Number(option.dataset.number)]);
  });
  input.addEventListener("blur", () => show([]));
};
