"""The strips between shelves of frames, and ways from frame to frame along them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from modeler.diagrams.layout.corridor import Corridor
from modeler.diagrams.layout.placement import AppFrame, Point

AROUND = 24.0  # room of the strips above and below all frames, and of the gaps at the ends
APART = 8.0  # the two directions between neighbours
SIDE = 16.0  # from a frame's corner to its first line
Pair = tuple[str, str]


@dataclass(slots=True)
class Track:
    """One line's piece in a strip or in a gap, or its port at a frame; ``at`` is known at the end.

    Attributes:
        wish: where it would like to be.
        at: where it is.
    """

    wish: float
    at: float = 0.0


@dataclass(slots=True)
class Line:
    """A line: upright tracks, and the strips that join them."""

    uprights: list[Track]
    strips: list[int]
    ends: Point
    slots: list[int] = field(default_factory=list)


class Strips:
    """Frames on shelves, from the top down and from left to right."""

    def __init__(self, shelves: Sequence[Sequence[AppFrame]]) -> None:
        self.shelves = shelves
        self._home = {
            frame.app: (row, place, frame)
            for row, shelf in enumerate(shelves)
            for place, frame in enumerate(shelf)
        }
        edges = [(min(f.y for f in s), max(f.y + f.height for f in s)) for s in shelves]
        tops, bottoms = [top for top, _ in edges], [bottom for _, bottom in edges]
        self._rooms = list(
            zip([tops[0] - AROUND, *bottoms], [*tops, bottoms[-1] + AROUND], strict=True)
        )
        self._gaps = [
            list(
                zip(
                    [shelf[0].x - AROUND, *[f.x + f.width for f in shelf]],
                    [*[f.x for f in shelf], shelf[-1].x + shelf[-1].width + AROUND],
                    strict=True,
                )
            )
            for shelf in shelves
        ]
        self._middles = [[(low + high) / 2 for low, high in gaps] for gaps in self._gaps]

    @classmethod
    def between(cls, frames: Sequence[AppFrame]) -> Strips | None:
        """Return the strips; None where the frames do not stand on shelves."""
        shelves: list[list[AppFrame]] = []
        bottom = 0.0
        for frame in sorted(frames, key=lambda frame: (frame.y, frame.x)):
            if shelves and frame.y < bottom:
                shelves[-1].append(frame)
                bottom = max(bottom, frame.y + frame.height)
            else:
                shelves.append([frame])
                bottom = frame.y + frame.height
        for shelf in shelves:
            shelf.sort(key=lambda frame: frame.x)
            for left, right in pairwise(shelf):
                if left.x + left.width > right.x:
                    return None
        return cls(shelves)

    def ways(self, pairs: Sequence[Pair]) -> dict[Pair, list[Point]]:
        """Return a way from the first app's frame to the second one's for every pair."""
        ports: dict[tuple[str, int], list[Track]] = defaultdict(list)
        passing: dict[tuple[int, int], list[Track]] = defaultdict(list)
        found = {pair: way for pair in pairs if (way := self._across(*pair))}
        pairs = [pair for pair in pairs if pair not in found]
        lines = [self._line(pair, ports, passing) for pair in pairs]
        for (app, _), tracks in ports.items():
            frame = self._home[app][2]
            _spread(tracks, frame.x + SIDE, frame.x + frame.width - SIDE)
        for (row, gap), tracks in passing.items():
            _spread(tracks, *self._gaps[row][gap])
        corridors = [Corridor() for _ in self._rooms]
        for line in lines:
            for step, strip in enumerate(line.strips):
                one, two = line.uprights[step].at, line.uprights[step + 1].at
                slot = corridors[strip].book()
                corridors[strip].spans[slot] = (min(one, two), max(one, two))
                line.slots.append(slot)
        heights = [_heights(c, *room) for c, room in zip(corridors, self._rooms, strict=True)]
        for pair, line in zip(pairs, lines, strict=True):
            start, end = line.ends
            points = [(line.uprights[0].at, start)]
            for step, strip in enumerate(line.strips):
                y = heights[strip][line.slots[step]]
                points += [(line.uprights[step].at, y), (line.uprights[step + 1].at, y)]
            found[pair] = [*points, (line.uprights[-1].at, end)]
        return found

    def _across(self, source: str, target: str) -> list[Point] | None:
        """Return the straight way between two that stand side by side, the ways back below."""
        (row, place, one), (other, beside, two) = self._home[source], self._home[target]
        top, bottom = max(one.y, two.y), min(one.y + one.height, two.y + two.height)
        if row != other or abs(place - beside) != 1 or bottom - top < 2 * APART:
            return None
        y = (top + bottom) / 2 + (APART if place > beside else -APART) / 2
        if place < beside:
            return [(one.x + one.width, y), (two.x, y)]
        return [(one.x, y), (two.x + two.width, y)]

    def _line(
        self,
        pair: Pair,
        ports: dict[tuple[str, int], list[Track]],
        passing: dict[tuple[int, int], list[Track]],
    ) -> Line:
        (row, _, one), (other, _, two) = self._home[pair[0]], self._home[pair[1]]
        x, u = one.x + one.width / 2, two.x + two.width / 2
        if row == other:
            # Above the shelf, where the frames are flush; the highest one has more room below.
            below = row == 0 and len(self.shelves) > 1
            strips, leaves, arrives = [row + below], int(below), int(below)
        elif row < other:
            strips, leaves, arrives = list(range(row + 1, other + 1)), 1, 0
        else:
            strips, leaves, arrives = list(range(row, other, -1)), 0, 1
        uprights = [Track(u)]
        ports[pair[0], leaves].append(uprights[0])
        for strip, following in pairwise(strips):
            shelf = min(strip, following)
            gap = self._nearest(shelf, u if abs(u - x) < one.width else (x + u) / 2)
            track = Track(u)
            passing[shelf, gap].append(track)
            uprights.append(track)
        uprights.append(Track(x))
        ports[pair[1], arrives].append(uprights[-1])
        ends = one.y + leaves * one.height, two.y + arrives * two.height
        return Line(uprights, strips, ends)

    def _nearest(self, row: int, x: float) -> int:
        middles = self._middles[row]
        place = bisect_left(middles, x)
        if place == len(middles) or (place and x - middles[place - 1] < middles[place] - x):
            place -= 1
        return place


def _spread(tracks: list[Track], low: float, high: float) -> None:
    """Place tracks side by side in the order of their wishes."""
    tracks.sort(key=lambda track: track.wish)
    step = (high - low) / (len(tracks) + 1)
    for number, track in enumerate(tracks, 1):
        track.at = low + number * step


def _heights(corridor: Corridor, low: float, high: float) -> list[float]:
    found, count = corridor.tracks()
    return [low + (track + 1) * (high - low) / (count + 1) for track in found]
