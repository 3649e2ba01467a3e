// A line of right angles between two boxes, worked out at once while a box is dragged. The server
// finds the ways around other boxes when it is dropped.

const STUB = 24; // units before a box, room for the marks

/**
 * Returns the points [x, y, x, y, …] of an edge whose tables have moved.
 *
 * @param {number[]} points as they were
 * @param {{x, y, w, h}} from the source's box as it was
 * @param {{x, y, w, h}} to the target's box as it was
 * @param {[number, number]} movedFrom how far the source has moved
 * @param {[number, number]} movedTo
 */
export const rerouted = (points, from, to, movedFrom, movedTo) => {
  if (movedFrom[0] === movedTo[0] && movedFrom[1] === movedTo[1]) {
    return points.map((length, i) => length + movedFrom[i % 2]);
  }
  const start = points[1] + movedFrom[1];
  const end = points.at(-1) + movedTo[1];
  const [a, b] = [from.x + movedFrom[0], to.x + movedTo[0]];
  const [aEnd, bEnd] = [a + from.w, b + to.w];
  if (b - aEnd >= 2 * STUB) return bent(aEnd, start, (aEnd + b) / 2, b, end);
  if (a - bEnd >= 2 * STUB) return bent(a, start, (a + bEnd) / 2, bEnd, end);
  // Side by side there is no room for a bend: both on the side where the way is shorter.
  const [right, left] = [Math.max(aEnd, bEnd) + STUB, Math.min(a, b) - STUB];
  return right - aEnd + (right - bEnd) <= a - left + (b - left)
    ? bent(aEnd, start, right, bEnd, end)
    : bent(a, start, left, b, end);
};

const bent = (x, y, middle, u, v) => [x, y, middle, y, middle, v, u, v];

/** Whether a line of right angles leads through a box. */
export const crosses = (points, { x, y, w, h }) => {
  for (let i = 2; i < points.length; i += 2) {
    const [ax, ay, bx, by] = [points[i - 2], points[i - 1], points[i], points[i + 1]];
    if (Math.max(ax, bx) > x && Math.min(ax, bx) < x + w && Math.max(ay, by) > y && Math.min(ay, by) < y + h) return true;
  }
  return false;
};
