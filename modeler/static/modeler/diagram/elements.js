// Elements of HTML and SVG, made in one call. Texts go in as text nodes: names and comments of a
// project are never read as markup.

const SVG = "http://www.w3.org/2000/svg";

const filled = (node, attributes, children) => {
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
};

export const svg = (name, attributes = {}, ...children) =>
  filled(document.createElementNS(SVG, name), attributes, children);

export const html = (name, attributes = {}, ...children) =>
  filled(document.createElement(name), attributes, children);

/** A number as short as a tenth of a unit allows. */
export const short = (number) => `${Math.round(number * 10) / 10}`;
