// Prints in vector tiles: A4 pages side by side at a scale that can be read, each with its row and
// column. Pages that would be empty are left out.

import { drawTable } from "./boxes.js";
import { html, short, svg } from "./elements.js";
import { drawFrame } from "./frames.js";
import { COLUMNS } from "./levels.js";
import { drawEdges } from "./light.js";
import { inSlices } from "./slices.js";
import { say } from "./words.js";

const PAGE = { w: 1040, h: 690 }; // CSS pixels of A4 across, 10 mm margins, a line for the page's name
const READABLE = 0.8; // pixels a unit: text of 11 units comes out at 6.6 points

/** The tiles that hold something: {row, column, x, y, w, h}, and the scale. */
export const tilesOf = (scene, rectangle, scale = READABLE) => {
  const [w, h] = [PAGE.w / scale, PAGE.h / scale];
  const [columns, rows] = [Math.ceil(rectangle.w / w), Math.ceil(rectangle.h / h)];
  const tiles = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const tile = { row, column, x: rectangle.x + column * w, y: rectangle.y + row * h, w, h };
      if (scene.places.within(tile).length || scene.ways.within(tile).length) tiles.push(tile);
    }
  }
  return { tiles, rows, columns };
};

/** Builds the pages, prints them and takes them away. */
export const printTiles = async (scene, rectangle, title, { scale = READABLE, print = () => window.print() } = {}) => {
  const { tiles, rows, columns } = tilesOf(scene, rectangle, scale);
  const paper = html("div", { class: "er-paper er-print" });
  document.body.append(paper);
  await inSlices(tiles, (tile, number) => {
    const place = rows * columns > 1 ? say("tile", { row: tile.row + 1, column: tile.column + 1 }) : "";
    const page = say("page", { page: number + 1, pages: tiles.length });
    paper.append(
      html("section", { class: "er-sheet" },
        drawTile(scene, tile),
        html("p", {}, html("span", {}, title), html("span", {}, place), html("span", {}, page))),
    );
  }, 0);
  document.body.classList.add("er-printing");
  const done = () => {
    document.body.classList.remove("er-printing");
    paper.remove();
  };
  addEventListener("afterprint", done, { once: true });
  print();
};

const drawTile = (scene, tile) => {
  const { x, y, w, h } = tile;
  const root = svg("svg", { class: "er-picture", viewBox: [x, y, w, h].map(short).join(" "), width: PAGE.w, height: PAGE.h });
  for (const number of scene.frames.within(tile)) root.append(drawFrame(scene.apps[number], COLUMNS, 1, scene));
  const edges = scene.ways.within(tile).map((number) => scene.edges[number]);
  root.append(drawEdges(edges, 0.6, COLUMNS));
  for (const number of scene.places.within(tile)) {
    const table = scene.tables[number];
    root.append(drawTable(table, scene.apps[table.app], COLUMNS, 1, scene));
  }
  root.append(...(scene.extras?.(tile) ?? [])); // such as notes
  return root;
};
