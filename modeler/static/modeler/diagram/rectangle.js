// Rectangles as {x, y, w, h}; y grows downwards.

export const grown = ({ x, y, w, h }, across, down = across) => ({
  x: x - across, y: y - down, w: w + 2 * across, h: h + 2 * down,
});

export const contains = (outer, inner) =>
  inner.x >= outer.x && inner.y >= outer.y &&
  inner.x + inner.w <= outer.x + outer.w && inner.y + inner.h <= outer.y + outer.h;

export const middle = ({ x, y, w, h }) => [x + w / 2, y + h / 2];

export const union = (rectangles) => {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, w, h } of rectangles) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + w);
    bottom = Math.max(bottom, y + h);
  }
  return { x: left, y: top, w: right - left, h: bottom - top };
};

/** The box around a flat list of points [x, y, x, y, …]. */
export const around = (points) => {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]);
    right = Math.max(right, points[i]);
    top = Math.min(top, points[i + 1]);
    bottom = Math.max(bottom, points[i + 1]);
  }
  return { x: left, y: top, w: right - left, h: bottom - top };
};

/** Where the line from the middle of a rectangle towards a point leaves it. */
export const exit = (rectangle, [x, y], gap = 0) => {
  const [cx, cy] = middle(rectangle);
  const [dx, dy] = [x - cx, y - cy];
  const wide = (rectangle.w / 2 + gap) / Math.abs(dx || 1e-9);
  const high = (rectangle.h / 2 + gap) / Math.abs(dy || 1e-9);
  const part = Math.min(wide, high, 1);
  return [cx + dx * part, cy + dy * part];
};
