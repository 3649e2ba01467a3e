"""Boxes in the way: which lines between them are free, and how far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom
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

    def overlaps(self, area: Rectangle) -> bool:
        """Say whether any box has a point inside the area."""
        left, top, right, bottom = area
        return any(
            box[0] < right - TOUCH
            and box[2] > left + TOUCH
            and box[1] < bottom - TOUCH
            and box[3] > top + TOUCH
            for cell in range(int(left // CELL), int(right // CELL) + 1)
            for box in self._over.get(cell, ())
        )

    def upright(self, x: float, y: float) -> tuple[float, float] | None:
        """Return how far up and down one can go from a point; None inside a box."""
        low, high = self.top, self.bottom
        for left, top, right, bottom in self._over.get(int(x // CELL), ()):
            if left + TOUCH < x < right - TOUCH:
                if bottom <= y + TOUCH:
                    low = max(low, bottom)
                elif top >= y - TOUCH:
                    high = min(high, top)
                else:
                    return None
        return low, high

    def across(self, x: float, y: float) -> tuple[float, float] | None:
        """Return how far to the left and right one can go from a point; None inside a box."""
        low, high = self.left, self.right
        for left, top, right, bottom in self._beside.get(int(y // CELL), ()):
            if top + TOUCH < y < bottom - TOUCH:
                if right <= x + TOUCH:
                    low = max(low, right)
                elif left >= x - TOUCH:
                    high = min(high, left)
                else:
                    return None
        return low, high
