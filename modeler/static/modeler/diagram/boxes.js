// A table as SVG, at each level of detail. `unit` is how many units of the picture a screen pixel
// takes: texts grow against the zoom, within their box.

import { drawMarks, inlineChange } from "../comparing/marks.js";
import { short, svg } from "./elements.js";
import { COLUMNS, KEYS, NAMES } from "./levels.js";
import { count } from "./words.js";
import { broken, cut, widthOf } from "./text.js";

const SIDE = 8;
const MARKS = 26;
const TITLE = 12;
const ROW = 11;
const CORNER = 5;
const PLAIN = new Set(["model", "table"]);

/** Whether a row is a key: what the level "keys" shows. */
export const isKey = ([, , flags]) => /[pfu]/.test(flags);

/** About how many elements a table takes. */
export const costOf = (table, level) => {
  if (level === NAMES) return 5;
  if (level === KEYS) return 5 + Math.min(6, table.rows.length);
  return 8 + 2.6 * table.rows.length;
};

/** Returns the table's group; the caller places it in a layer. */
export const drawTable = (table, app, level, unit, scene) => {
  const group = svg("g", {
    class: `er-table hue-${app.hue} kind-${table.kind.replace(/\W/g, "-")}${
      table.change ? ` is-${table.change}` : ""
    }`,
    "data-key": table.key,
  });
  if (level === NAMES) drawName(group, table, unit);
  else if (level === KEYS) drawKeys(group, table, unit, scene);
  else if (level === COLUMNS) drawColumns(group, table, scene);
  if (table.change) drawMarks(group, table, level, unit, scene);
  return group;
};

const rounded = ({ x, y, w, h }, corner) => ({
  x: short(x), y: short(y), width: short(w), height: short(h), rx: short(corner),
});

/** The box with its heading, `head` units high. */
const drawBody = (group, table, head, line) => {
  const { x, y, w, h } = table;
  const corner = Math.min(CORNER, h / 3);
  group.append(
    svg("rect", { class: "er-body", ...rounded(table, corner), "stroke-width": short(line) }),
    svg("path", {
      class: "er-head",
      "stroke-width": short(line),
      d: head >= h - 1
        ? `M${x} ${y + corner}q0 ${-corner} ${corner} ${-corner}h${w - 2 * corner}q${corner} 0 ${corner} ${corner}v${h - 2 * corner}q0 ${corner} ${-corner} ${corner}h${2 * corner - w}q${-corner} 0 ${-corner} ${-corner}Z`
        : `M${x} ${short(y + head)}v${short(corner - head)}q0 ${-corner} ${corner} ${-corner}h${w - 2 * corner}q${corner} 0 ${corner} ${corner}v${short(head - corner)}Z`,
    }),
  );
};

const lineWidth = (unit) => Math.max(0.8, Math.min(unit, 6));

const drawName = (group, table, unit) => {
  const { x, y, w, h } = table;
  group.append(
    svg("rect", {
      class: "er-block",
      ...rounded(table, Math.min(CORNER * 1.6, h / 4)),
      "stroke-width": short(lineWidth(unit)),
    }),
  );
  const most = 15 * unit;
  let [rows, size] = [[table.title], 0];
  for (const lines of [1, 2, 3]) {
    const tried = broken(table.title, lines);
    const widest = Math.max(...tried.map((row) => widthOf(row, true)));
    const fits = Math.min(most, (w - 12) / widest, (h - 8) / (tried.length * 1.15));
    if (fits > size * 1.15) [rows, size] = [tried, fits];
  }
  const top = y + h / 2 - ((rows.length - 1) * size * 1.15) / 2 + size * 0.35;
  rows.forEach((row, number) => {
    group.append(
      svg("text", {
        class: "er-name",
        x: short(x + w / 2),
        y: short(top + number * size * 1.15),
        "font-size": short(size),
      }, row),
    );
  });
};

const drawKeys = (group, table, unit, scene) => {
  const { x, y, w, h } = table;
  const title = Math.max(TITLE, Math.min(12.5 * unit, (w - 2 * SIDE) / widthOf(table.title, true), 26));
  const head = Math.min(h, Math.max(scene.head, title * 1.75));
  drawBody(group, table, head, lineWidth(unit));
  group.append(
    svg("text", {
      class: "er-title",
      x: short(x + SIDE),
      y: short(y + head / 2 + title * 0.35),
      "font-size": short(title),
    }, cut(table.title, title, w - 2 * SIDE, true)),
  );
  const keys = table.rows.map((row, number) => [row, number]).filter(([row]) => isKey(row));
  const room = h - head - 4;
  if (!keys.length || room < 12) return;
  let size = Math.max(ROW, Math.min(10.5 * unit, 22));
  // Names stay near the row where their edges dock; where there are too many, the text shrinks.
  size = Math.max(ROW, Math.min(size, room / keys.length / 1.3));
  const step = size * 1.3;
  const shown = keys.slice(0, Math.max(1, Math.floor(room / step + 0.01)));
  const wanted = shown.map(([, number]) => scene.head + (number + 0.5) * scene.row);
  const placed = spread(wanted, head + 2 + step / 2, h - 2 - step / 2, step);
  group.append(svg("path", { class: "er-greek", d: greek(table, head, placed, step, scene) }));
  placed.forEach((middle, number) => {
    const [[name, , flags]] = shown[number];
    group.append(
      svg("text", {
        class: flags.includes("p") ? "er-row is-primary" : "er-row",
        x: short(x + SIDE),
        y: short(y + middle + size * 0.35),
        "font-size": short(size),
      }, cut(name, size, w - 2 * SIDE, flags.includes("p"))),
    );
  });
};

/** Columns that are too small to read, as bars where no name stands. */
const greek = ({ x, y, w, rows }, head, placed, step, scene) => {
  let path = "";
  rows.forEach((row, number) => {
    const middle = scene.head + (number + 0.5) * scene.row;
    const free = placed.every((taken) => Math.abs(taken - middle) > step / 2 + 4);
    if (isKey(row) || !free || middle < head + 4) return;
    const length = Math.min(widthOf(row[0]) * ROW, w - 2 * SIDE);
    path += `M${x + SIDE} ${short(y + middle)}h${short(length)}`;
  });
  return path;
};

/** Moves heights apart to at least `step`, in order, between top and bottom, as little as it takes. */
export const spread = (wanted, top, bottom, step) => {
  const placed = [];
  wanted.forEach((height, i) => {
    placed.push(Math.max(height, i ? placed[i - 1] + step : top));
  });
  for (let i = placed.length - 1, least = bottom; i >= 0; i--, least -= step) {
    placed[i] = Math.min(placed[i], least);
    least = Math.min(least, placed[i]);
  }
  return placed;
};

const drawColumns = (group, table, scene) => {
  const { x, y, w } = table;
  drawBody(group, table, scene.head, 1);
  const kind = PLAIN.has(table.kind) ? [] : [svg("tspan", { class: "er-kind", dx: 4 }, `«${table.kind}»`)];
  group.append(
    svg("text", { class: "er-title", x: x + SIDE, y: y + scene.head / 2 + 4.2, "font-size": TITLE }, table.title, ...kind),
  );
  if (table.generic) {
    const [cx, cy] = [x + w - 14, y + scene.head / 2];
    group.append(svg("path", { class: "er-generic", d: `M${cx - 6} ${cy}l6 -4.5l6 4.5l-6 4.5Z` }));
  }
  const names = svg("text", { class: "er-row", "font-size": ROW });
  const types = svg("text", { class: "er-type", "font-size": ROW });
  const marks = svg("text", { class: "er-mark", "font-size": 8.5 });
  table.rows.forEach(([name, type, flags], number) => {
    const base = short(y + scene.head + (number + 0.5) * scene.row + 3.9);
    const change = table.changes?.[name]?.[0];
    const changed = change ? `is-${change}` : "";
    if (change) {
      group.append(
        svg("rect", {
          class: `er-change ${changed}`,
          x: x + 1, y: short(y + scene.head + number * scene.row + 1), width: w - 2, height: scene.row - 2,
        }),
      );
    }
    const weight = flags.includes("p") ? "is-primary" : "";
    names.append(svg("tspan", { class: `${weight} ${changed}`.trim() || null, x: x + SIDE + MARKS, y: base }, name));
    const said = [flags.includes("g") ? "generated" : "", flags.includes("n") ? "null" : ""].filter(Boolean);
    const room = w - 2 * SIDE - MARKS - 8 - widthOf(name, Boolean(weight)) * ROW;
    const instead = change ? inlineChange(table, name, room, ROW) : null;
    types.append(svg("tspan", { class: instead ? "is-changed" : null, x: x + w - SIDE, y: base }, instead ?? [type, ...said].join(" ")));
    const mark = markOf(flags);
    if (mark) marks.append(svg("tspan", { x: x + SIDE, y: base }, mark));
  });
  group.append(names, types, marks);
  if (table.hidden) {
    const base = y + scene.head + (table.rows.length + 0.5) * scene.row + 3.9;
    group.append(
      svg("text", { class: "er-type is-start", x: x + SIDE, y: short(base), "font-size": ROW },
        count("hidden", table.hidden)),
    );
  }
  drawMore(group, table);
};

const markOf = (flags) => {
  if (flags.includes("p")) return flags.includes("f") ? "PFK" : "PK";
  if (flags.includes("f")) return flags.includes("u") ? "FK U" : "FK";
  if (flags.includes("u")) return "U";
  return flags.includes("i") ? "IX" : "";
};

/** How many neighbours are not in the picture, on the lower edge. */
const drawMore = (group, table) => {
  const said = [table.hub ? "hub" : "", table.more ? `+${table.more}` : ""].filter(Boolean).join(" ");
  if (!said) return;
  const width = widthOf(said) * 9.5 + 12;
  const [x, y] = [table.x + table.w - width - 6, table.y + table.h - 7];
  group.append(
    svg("rect", { class: "er-pill", x: short(x), y: short(y), width: short(width), height: 14, rx: 7 }),
    svg("text", { class: "er-more", x: short(x + width / 2), y: short(y + 10.2), "font-size": 9.5 }, said),
  );
};
