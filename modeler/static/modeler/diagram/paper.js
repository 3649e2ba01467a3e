// The picture for paper and files: light colours whatever the theme, and no style sheet needed.
// What the browser has computed for each element is written into it as attributes.

import { html, svg } from "./elements.js";
import { FONT } from "./text.js";
import { inSlices } from "./slices.js";

const SHAPE = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity"];
const LETTERS = ["fill", "font-size", "font-weight", "text-anchor", "stroke", "stroke-width", "paint-order"];

/** A place on the page where the admin's variables have their light values; nobody sees it. */
export const lightPlace = () => {
  const place = html("div", { class: "er-paper er-offscreen", "aria-hidden": "true" });
  document.body.append(place);
  return place;
};

/** Resolves to an <svg> with everything written into its elements, `rectangle` of the picture. */
export const onPaper = async (nodes, { x, y, w, h }, ground) => {
  const place = lightPlace();
  const root = svg("svg", { class: "er-picture", viewBox: `${x} ${y} ${w} ${h}`, width: w, height: h, "font-family": FONT });
  root.append(svg("rect", { class: "er-paper-ground", x, y, width: w, height: h, fill: ground }), ...nodes);
  place.append(root);
  await inSlices([...root.querySelectorAll("*")], (element) => {
    const style = getComputedStyle(element);
    const text = element.localName === "text" || element.localName === "tspan";
    for (const name of text ? LETTERS : SHAPE) {
      const value = style.getPropertyValue(name);
      if (element.localName === "g" ? name === "opacity" && value !== "1" : value && !usual(name, value)) {
        element.setAttribute(name, plain(value));
      }
    }
    // A dimmed layer is a matter of the moment, not of the picture.
    if (element.classList.contains("er-base")) element.removeAttribute("opacity");
  });
  place.remove();
  for (const element of [root, ...root.querySelectorAll("*")]) {
    element.removeAttribute("class");
    element.removeAttribute("data-key");
    element.removeAttribute("data-app");
  }
  return root;
};

const USUAL = {
  stroke: "none", "stroke-dasharray": "none", opacity: "1", "font-weight": "400", "text-anchor": "start", "paint-order": "normal",
};

const usual = (name, value) => USUAL[name] === value;

/** Colours as #rrggbb and lengths without unit, which every reader of SVG takes. */
export const plain = (value) => {
  const mixed = value.match(/^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)/);
  if (mixed) return hex(mixed.slice(1, 4).map((part) => Number(part) * 255));
  const rgb = value.match(/^rgb\((\d+), (\d+), (\d+)\)$/);
  if (rgb) return hex(rgb.slice(1, 4).map(Number));
  return value.replaceAll("px", "");
};

const hex = (parts) =>
  `#${parts.map((part) => Math.round(Math.max(0, Math.min(255, part))).toString(16).padStart(2, "0")).join("")}`;
