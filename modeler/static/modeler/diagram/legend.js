// What the marks mean, drawn by the same functions as the picture.

import { html, svg } from "./elements.js";
import { endMarks } from "./marks.js";
import { dashOf } from "./strands.js";
import { say } from "./words.js";

const ENTRIES = [
  ["0..n", "is-firm"], ["1..n", "is-firm"], ["1", "is-firm"], ["0..1", "is-firm"],
  ["one-to-one", "is-firm", "0..1", "1"], ["triangle", "is-firm", "", "triangle"], ["proxy", "is-loose", "", "triangle"],
  ["diamond", "is-loose", "diamond", ""], ["through", "is-through", "", ""], ["loose", "is-loose", "", ""],
];

const KEYS = ["search", "zoom", "fit", "move", "walk", "enter", "mark", "place", "note", "undo", "changes", "help"];

/** Fills the dialog's two lists: marks, then keys. */
export const fillLegend = (dialog) => {
  dialog.querySelector("[data-marks]").replaceChildren(
    ...ENTRIES.flatMap(([name, line, from, to]) => [html("dt", {}, sample(line, from ?? "", to ?? name)), html("dd", {}, say(`mark-${name}`))]),
  );
  dialog.querySelector("[data-keys]").replaceChildren(
    ...KEYS.flatMap((name) => [html("dt", {}, ...say(`key-${name}`).split(" ").map((key) => html("kbd", {}, key))), html("dd", {}, say(`does-${name}`))]),
  );
};

const sample = (line, from, to) => {
  const [first, second] = [endMarks(from, 2, 10, 1, 0), endMarks(to, 78, 10, -1, 0)];
  return svg("svg", { width: 80, height: 20, viewBox: "0 0 80 20", "aria-hidden": "true", class: "er-sample" },
    svg("path", { class: "er-line", d: "M2 10H78", "stroke-dasharray": dashOf(line, 1) }),
    svg("path", { class: "er-line", d: first[0] + second[0] }),
    svg("path", { class: "er-hollow", d: first[1] + second[1] }));
};
