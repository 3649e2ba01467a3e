// What is on screen as a file: SVG, or PNG drawn shape by shape on a canvas. A strict policy forbids
// to load the SVG as an image from memory; drawing it needs no image.

import { onPaper } from "./paper.js";
import { FONT } from "./text.js";
import { inSlices } from "./slices.js";

const LARGEST = 8000; // pixels a side that every browser's canvas takes

/** Resolves to an <svg> of what the canvas shows. */
const screen = (stage) => {
  const nodes = [...stage.root.children].filter((node) => !node.matches(".er-rings")).map((node) => node.cloneNode(true));
  return onPaper(nodes, stage.viewport.rectangle(), "#ffffff");
};

export const asSvg = async (stage) => {
  const root = await screen(stage);
  const { width, height } = stage.viewport;
  root.setAttribute("width", Math.round(width));
  root.setAttribute("height", Math.round(height));
  return new Blob([new XMLSerializer().serializeToString(root)], { type: "image/svg+xml" });
};

export const asPng = async (stage, sharpness = 2) => {
  const root = await screen(stage);
  const { width, height, x, y, scale } = stage.viewport;
  const ratio = Math.min(sharpness, LARGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  pen.scale(scale * ratio, scale * ratio);
  pen.translate(-x, -y);
  await inSlices([...root.querySelectorAll("rect, path, text")], (element) => paint(pen, element));
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
};

const number = (element, name, otherwise = 0) => Number(element.getAttribute(name) ?? otherwise);

const opacityOf = (element) => {
  let opacity = 1;
  for (let node = element; node?.getAttribute; node = node.parentNode) opacity *= number(node, "opacity", 1);
  return opacity;
};

const paint = (pen, element) => {
  pen.globalAlpha = opacityOf(element);
  pen.setLineDash((element.getAttribute("stroke-dasharray") ?? "").split(/[\s,]+/).filter(Boolean).map(Number));
  pen.lineWidth = number(element, "stroke-width", 1);
  if (element.localName === "text") return write(pen, element);
  const shape = new Path2D(element.getAttribute("d") ?? undefined);
  if (element.localName === "rect") {
    const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => number(element, name));
    shape.roundRect(x, y, w, h, Math.min(number(element, "rx"), w / 2, h / 2));
  }
  const [fill, stroke] = [element.getAttribute("fill") ?? "#000000", element.getAttribute("stroke") ?? "none"];
  if (fill !== "none") {
    pen.fillStyle = fill;
    pen.fill(shape);
  }
  if (stroke !== "none") {
    pen.strokeStyle = stroke;
    pen.stroke(shape);
  }
};

/** A text; its spans stand at places of their own, or run on. */
const write = (pen, text) => {
  let end = 0;
  for (const node of text.childNodes) {
    const from = node.nodeType === Node.TEXT_NODE ? text : node;
    const own = (name) => from.getAttribute(name) ?? text.getAttribute(name);
    const anchor = own("text-anchor") ?? "start";
    pen.font = `${own("font-weight") === "700" ? "bold " : ""}${own("font-size")}px ${FONT}`;
    pen.textAlign = { start: "left", middle: "center", end: "right" }[anchor];
    const y = Number(own("y"));
    const x = node === text.firstChild || from.hasAttribute("x") ? Number(own("x")) : end + number(from, "dx");
    if ((own("paint-order") ?? "").startsWith("stroke") && own("stroke")) {
      pen.strokeStyle = own("stroke");
      pen.lineJoin = "round";
      pen.strokeText(node.textContent, x, y);
    }
    pen.fillStyle = own("fill");
    pen.fillText(node.textContent, x, y);
    end = x + pen.measureText(node.textContent).width;
  }
};

/** Hands a file to the user. */
export const save = (blob, name) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};
