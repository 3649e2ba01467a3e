"""Free lines beside boxes, on which ways run: upright ones and those across, sorted by place."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from modeler.diagrams.layout.obstacles import Rectangle
from modeler.diagrams.layout.terrain import Apps, Terrain

MARGINS = (14.0, 4.0)  # the second where boxes stand too close for the first


@dataclass(frozen=True, slots=True)
class Line:
    """A free line: upright at an x from ``low`` to ``high``, or across at a height."""

    at: float
    low: float
    high: float
    upright: bool = False


class Lines:
    """The free lines around some boxes.

    Args:
        boxes: from every corner an upright line and one across reach as far as nothing is in
            the way.
        terrain: what is in the way.
        homes: apps whose boxes are in the way instead of their frames.
        first: number of the first line; the others follow.
        near: a line with a longer one as near as this beside it is left out.
    """

    def __init__(
        self,
        boxes: Sequence[Rectangle],
        terrain: Terrain,
        homes: Apps,
        first: int,
        near: float = 0.0,
    ) -> None:
        found = {line: None for box in boxes for line in _beside(box, terrain, homes)}
        ordered = sorted(found, key=lambda line: (line.upright, line.at, line.low))
        self.lines = _longest(ordered, near) if near else ordered
        self._upright = sum(not line.upright for line in self.lines)
        self._at = [line.at for line in self.lines]
        self._first = first

    def met(self, line: Line) -> list[tuple[float, int]]:
        """Return the lines that cross a line: where they do, and their number."""
        start, stop = (0, self._upright) if line.upright else (self._upright, len(self._at))
        start = bisect_left(self._at, line.low, start, stop)
        stop = bisect_right(self._at, line.high, start, stop)
        at, lines, first = line.at, self.lines, self._first
        return [
            (other.at, first + number)
            for number, other in enumerate(lines[start:stop], start)
            if other.low <= at <= other.high
        ]


def _longest(lines: Sequence[Line], near: float) -> list[Line]:
    """Leave out lines beside which a longer one runs: few lines make a short search."""
    found: list[Line] = []
    for line in lines:
        place = len(found)
        while place and line.upright == found[place - 1].upright:
            other = found[place - 1]
            if line.at - other.at > near or (other.low <= line.low and other.high >= line.high):
                break
            place -= 1
            if line.low <= other.low and line.high >= other.high:
                del found[place]
        else:
            found.append(line)
            continue
        if line.at - found[place - 1].at > near:
            found.append(line)
    return found


def _beside(box: Rectangle, terrain: Terrain, homes: Apps) -> Iterator[Line]:
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
            span = terrain.upright(x + out * margin, y, homes)
            if span:
                yield Line(x + out * margin, *span, upright=True)
                break
        for margin in MARGINS:
            span = terrain.across(x, y + down * margin, homes)
            if span:
                yield Line(y + down * margin, *span)
                break
