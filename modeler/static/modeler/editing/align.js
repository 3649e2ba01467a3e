// Aligning and spreading boxes: from boxes {key, x, y, w, h} to their new places, key → [x, y].

const sides = {
  left: (boxes) => ({ x: Math.min(...boxes.map(({ x }) => x)) }),
  right: (boxes) => ({ right: Math.max(...boxes.map(({ x, w }) => x + w)) }),
  centre: (boxes) => ({ centre: mean(boxes.map(({ x, w }) => x + w / 2)) }),
  top: (boxes) => ({ y: Math.min(...boxes.map(({ y }) => y)) }),
  bottom: (boxes) => ({ bottom: Math.max(...boxes.map(({ y, h }) => y + h)) }),
  middle: (boxes) => ({ middle: mean(boxes.map(({ y, h }) => y + h / 2)) }),
};

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Brings boxes to one line: "left", "right", "centre", "top", "bottom" or "middle". */
export const aligned = (boxes, side) => {
  const { x, right, centre, y, bottom, middle } = sides[side](boxes);
  return new Map(
    boxes.map((box) => [
      box.key,
      [
        x ?? (right !== undefined ? right - box.w : centre !== undefined ? centre - box.w / 2 : box.x),
        y ?? (bottom !== undefined ? bottom - box.h : middle !== undefined ? middle - box.h / 2 : box.y),
      ].map(Math.round),
    ]),
  );
};

/**
 * Makes the gaps between boxes equal: "across" or "down". The first and the last stay; where they
 * would overlap, the gaps become `least` and the row grows.
 */
export const distributed = (boxes, direction, least = 24) => {
  const [at, long] = direction === "across" ? ["x", "w"] : ["y", "h"];
  const sorted = [...boxes].sort((a, b) => a[at] - b[at] || (a.key < b.key ? -1 : 1));
  const last = sorted.at(-1);
  const taken = sorted.reduce((sum, box) => sum + box[long], 0);
  const gap = Math.max(least, (last[at] + last[long] - sorted[0][at] - taken) / Math.max(1, sorted.length - 1));
  let next = sorted[0][at];
  return new Map(
    sorted.map((box) => {
      const place = Math.round(next);
      next += box[long] + gap;
      return [box.key, direction === "across" ? [place, box.y] : [box.x, place]];
    }),
  );
};
