"""Orthogonal ways around boxes that stand anywhere, as a person put them.

The ways run on free lines beside the boxes: from every corner a vertical and a horizontal line
reach as far as no box is in the way. The shortest path over these lines, where a bend costs as
much as BEND points, is found by A* (Hart, Nilsson,
Raphael, 1968).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

from modeler.diagrams.layout.obstacles import Obstacles, Rectangle
from modeler.diagrams.layout.placement import Point

MARGINS = (14.0, 4.0)  # the second where boxes stand too close for the first
BEND = 40.0
GREED = 1.4  # ways may be so much longer than the shortest; the search looks at far fewer
FAR = 1e12
LEFT, RIGHT = 0, 1
Docks = tuple[Point, Point]  # a row's ends at the left and the right side of its box


@dataclass(frozen=True, slots=True)
class Line:
    """A free line: upright at an x from ``low`` to ``high``, or across at a height."""

    at: float
    low: float
    high: float
    upright: bool = False


class Detours:
    """Ways between boxes that stay where they are.

    Args:
        obstacles: the boxes.
    """

    def __init__(self, obstacles: Obstacles) -> None:
        self.obstacles = obstacles
        found = {line: None for box in obstacles.boxes for line in self._beside(box)}
        self.lines = sorted(found, key=lambda line: (line.upright, line.at, line.low))
        self._first_upright = sum(not line.upright for line in self.lines)
        self._at = [line.at for line in self.lines]
        self._crossing: dict[int, list[int]] = {}

    def way(self, source: Docks, target: Docks) -> list[Point] | None:
        """Return the corners of the shortest way, which leaves and arrives from outside.

        Returns:
            None where boxes lie over the docks.
        """
        goals: dict[int, list[Point]] = defaultdict(list)
        for side, dock in enumerate(target):
            for number in self._met(self._stub(dock, side)):
                goals[number].append(dock)
        (left, height), (right, _) = target
        serial = count()
        # Least length of the whole way, tie-breaker, length so far, line, where on it, trail.
        heap: list[tuple[float, int, float, int, float, Any]] = []
        for side, dock in enumerate(source):
            for number in self._met(self._stub(dock, side)):
                at = self._at[number]
                far = abs(at - dock[0])
                rest = min(abs(at - left), abs(at - right)) + abs(dock[1] - height)
                heap.append((far + rest, next(serial), far, number, dock[1], (dock, None)))
        heapify(heap)
        settled: set[int] = set()
        known: dict[int, float] = {}
        ats = self._at
        while heap:
            _, _, cost, number, along, trail = heappop(heap)
            if number < 0:
                return _corners(trail)
            if number in settled:
                continue
            settled.add(number)
            line = self.lines[number]
            at, upright = line.at, line.upright
            trail = ((at, along) if upright else (along, at), trail)
            for dock in goals.get(number, ()):
                whole = cost + abs(along - dock[1]) + abs(at - dock[0])
                end = (dock, ((at, dock[1]), trail))
                heappush(heap, (whole, next(serial), whole, -1, 0.0, end))
            for other in self._crossed(number):
                to = ats[other]
                so_far = cost + abs(along - to) + BEND
                if so_far >= known.get(other, FAR):
                    continue
                known[other] = so_far
                x, y = (at, to) if upright else (to, at)
                rest = min(abs(x - left), abs(x - right)) + abs(y - height)
                entry = (so_far + GREED * rest, next(serial), so_far, other, at, trail)
                heappush(heap, entry)
        return None

    def _beside(self, box: Rectangle) -> Iterator[Line]:
        """Return the free lines through the corners of the room that a box keeps around it."""
        left, top, right, bottom = box
        corners = (
            (left, top, -1, -1),
            (right, top, 1, -1),
            (left, bottom, -1, 1),
            (right, bottom, 1, 1),
        )
        for x, y, out, down in corners:
            for margin in MARGINS:
                span = self.obstacles.upright(x + out * margin, y)
                if span:
                    yield Line(x + out * margin, *span, upright=True)
                    break
            for margin in MARGINS:
                span = self.obstacles.across(x, y + down * margin)
                if span:
                    yield Line(y + down * margin, *span)
                    break

    def _stub(self, dock: Point, side: int) -> Line | None:
        """Return the free line that leads out from a dock."""
        x, y = dock
        span = self.obstacles.across(x, y)
        if span is None:
            return None
        low, high = (span[0], x - MARGINS[1]) if side == LEFT else (x + MARGINS[1], span[1])
        return Line(y, low, high) if low <= high else None

    def _met(self, line: Line | None) -> list[int]:
        """Return the lines that cross a line."""
        if line is None:
            return []
        middle, end = self._first_upright, len(self._at)
        first, last = (0, middle) if line.upright else (middle, end)
        start = bisect_left(self._at, line.low, first, last)
        stop = bisect_right(self._at, line.high, first, last)
        at, lines = line.at, self.lines
        return [n for n in range(start, stop) if lines[n].low <= at <= lines[n].high]

    def _crossed(self, number: int) -> list[int]:
        found = self._crossing.get(number)
        if found is None:
            found = self._crossing[number] = self._met(self.lines[number])
        return found


def _corners(trail: Any) -> list[Point]:
    points: list[Point] = []
    while trail is not None:
        points.append(trail[0])
        trail = trail[1]
    return straightened(points[::-1])


def straightened(points: Sequence[Point]) -> list[Point]:
    """Return the corners alone: no point twice, none in the middle of a straight piece."""
    found: list[Point] = []
    for point in points:
        if found and point == found[-1]:
            continue
        if len(found) > 1:
            (a, b), (c, d) = found[-2], found[-1]
            if a == c == point[0] or b == d == point[1]:
                found.pop()
        found.append(point)
    return found
