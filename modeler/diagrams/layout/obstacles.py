"""Boxes in the way: which lines between them are free, and how far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom
Span = tuple[float, float]
CELL = 240.0
TOUCH = 0.01


class Obstacles:
    """Rectangles, found by their place.

    Args:
        boxes: as ``(left, top, right, bottom)``; they may overlap.
        around: how far beyond all of them the free room reaches.
    """

    def __init__(self, boxes: Iterable[Rectangle], around: float = 80.0) -> None:
        self.boxes = list(boxes)
        self.left = min((box[0] for box in self.boxes), default=0.0) - around
        self.top = min((box[1] for box in self.boxes), default=0.0) - around
        self.right = max((box[2] for box in self.boxes), default=0.0) + around
        self.bottom = max((box[3] for box in self.boxes), default=0.0) + around
        # The boxes over a range of x, and beside a range of y.
        self._over: dict[int, list[Rectangle]] = defaultdict(list)
        self._beside: dict[int, list[Rectangle]] = defaultdict(list)
        for box in self.boxes:
            self._enter(box)

    def add(self, box: Rectangle) -> None:
        """Put one more box in the way; the free room does not grow."""
        self.boxes.append(box)
        self._enter(box)

    def _enter(self, box: Rectangle) -> None:
        for cell in range(int(box[0] // CELL), int(box[2] // CELL) + 1):
            self._over[cell].append(box)
        for cell in range(int(box[1] // CELL), int(box[3] // CELL) + 1):
            self._beside[cell].append(box)

    def overlapping(self, area: Rectangle) -> list[Rectangle]:
        """Return the boxes with a point inside the area; one may come twice."""
        left, top, right, bottom = area
        left, top, right, bottom = left + TOUCH, top + TOUCH, right - TOUCH, bottom - TOUCH
        if right - left < bottom - top:
            cells, index = range(int(left // CELL), int(right // CELL) + 1), self._over
        else:
            cells, index = range(int(top // CELL), int(bottom // CELL) + 1), self._beside
        return [
            box
            for cell in cells
            for box in index.get(cell, ())
            if box[0] < right and box[2] > left and box[1] < bottom and box[3] > top
        ]

    def overlaps(self, area: Rectangle) -> bool:
        """Say whether any box has a point inside the area."""
        return bool(self.overlapping(area))

    def upright(self, x: float, y: float, without: Sequence[Rectangle] = ()) -> Span | None:
        """Return how far up and down one can go from a point; None inside a box.

        Args:
            x, y: the point.
            without: boxes that are not in the way.
        """
        low, high = self.top, self.bottom
        for box in self._over.get(int(x // CELL), ()):
            if box[0] + TOUCH < x < box[2] - TOUCH and box not in without:
                if box[3] <= y + TOUCH:
                    if box[3] > low:
                        low = box[3]
                elif box[1] >= y - TOUCH:
                    if box[1] < high:
                        high = box[1]
                else:
                    return None
        return low, high

    def across(self, x: float, y: float, without: Sequence[Rectangle] = ()) -> Span | None:
        """Return how far to the left and right one can go from a point; None inside a box."""
        low, high = self.left, self.right
        for box in self._beside.get(int(y // CELL), ()):
            if box[1] + TOUCH < y < box[3] - TOUCH and box not in without:
                if box[2] <= x + TOUCH:
                    if box[2] > low:
                        low = box[2]
                elif box[0] >= x - TOUCH:
                    if box[0] < high:
                        high = box[0]
                else:
                    return None
        return low, high
