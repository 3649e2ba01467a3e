"""The shortest way around boxes that stand anywhere, as a person put them.

It runs on free lines beside boxes and frames. Where a bend costs as much as BEND points, the
shortest is found by A* (Hart, Nilsson, Raphael, 1968), in a window around both ends that grows
until there is a way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

from modeler.diagrams.layout.lines import MARGINS, Line, Lines
from modeler.diagrams.layout.placement import Point
from modeler.diagrams.layout.shapes import BEND, Docks, Found, cost_of, simple_way
from modeler.diagrams.layout.terrain import Apps, Terrain

GREED = 2.0  # ways may be so much longer than the shortest; the search looks at far fewer
GOOD = 2.0  # a simple way that costs so much more than the least is taken without a search
NEAR = 40.0
FAR = 1e12
WINDOWS = (300.0, 3000.0, FAR)
LEFT, RIGHT = 0, 1
Window = tuple[float, float, float, float]  # least and most x, least and most y


class Detours:
    """Ways between boxes that stay where they are.

    Args:
        terrain: what is in the way.
        near: lines with a longer one as near as this beside them are not searched at first.
    """

    def __init__(self, terrain: Terrain, near: float = NEAR) -> None:
        self.terrain = terrain
        self._near = near
        self._all: Detours | None = None
        self._lines: list[Line] = []
        self._groups: dict[str | None, Lines] = {}
        self._crossing: dict[tuple[int, str | None], list[tuple[float, int]]] = {}

    def way(self, source: Docks, target: Docks, homes: Apps) -> list[Point] | None:
        """Return the corners of a short way, which leaves and arrives from outside.

        Args:
            source, target: where it may leave and arrive.
            homes: apps whose boxes are in the way instead of their frames.

        Returns:
            None where boxes lie over the docks.
        """
        found = simple_way(source, target, self.terrain, homes)
        least = min(abs(a[0] - b[0]) for a in source for b in target)
        least += abs(source[0][1] - target[0][1]) + 2 * BEND
        if found and found[0] <= GOOD * least + 2 * BEND:
            return straightened(found[1])
        for docks in (source, target):
            if not any(self._stub(dock, side, homes) for side, dock in enumerate(docks)):
                return None
        for room in WINDOWS[:2] if found else WINDOWS:
            searched = self._searched(source, target, homes, room)
            if searched:
                found = min(found or searched, searched, key=lambda way: way[0])
                break
        if not found and self._near:
            self._all = self._all or Detours(self.terrain, 0.0)
            return self._all.way(source, target, homes)
        return straightened(found[1]) if found else None

    def _searched(self, source: Docks, target: Docks, homes: Apps, room: float) -> Found | None:
        groups = (None, *homes)
        xs = [x for x, _ in (*source, *target)]
        ys = (source[0][1], target[0][1])
        across = (min(ys) - room, max(ys) + room)  # where lines across may run
        upright = (min(xs) - room, max(xs) + room)
        goals: dict[int, list[Point]] = defaultdict(list)
        for side, dock in enumerate(target):
            for _, number in self._met(self._stub(dock, side, homes), groups):
                goals[number].append(dock)
        if not goals:
            return None
        (left, height), (right, _) = target
        serial = count()
        # Least length of the whole way, tie-breaker, length so far, line, where on it, trail.
        heap: list[tuple[float, int, float, int, float, Any]] = []
        for side, dock in enumerate(source):
            for at, number in self._met(self._stub(dock, side, homes), groups):
                if upright[0] <= at <= upright[1]:
                    far = abs(at - dock[0])
                    rest = min(abs(at - left), abs(at - right)) + abs(dock[1] - height)
                    heap.append((far + rest, next(serial), far, number, dock[1], (dock, None)))
        heapify(heap)
        settled: set[int] = set()
        known: dict[int, float] = {}
        lines, crossing = self._lines, self._crossing
        while heap:
            _, _, cost, number, along, trail = heappop(heap)
            if number < 0:
                points = _corners(trail)
                return cost_of(points), points
            if number in settled:
                continue
            settled.add(number)
            line = lines[number]
            at = line.at
            trail = ((at, along) if line.upright else (along, at), trail)
            for dock in goals.get(number, ()):
                whole = cost + abs(along - dock[1]) + abs(at - dock[0])
                end = (dock, ((at, dock[1]), trail))
                heappush(heap, (whole, next(serial), whole, -1, 0.0, end))
            least, most = across if line.upright else upright
            for group in groups:
                met = crossing.get((number, group))
                if met is None:
                    met = crossing[number, group] = self._group(group).met(line)
                for place in range(bisect_left(met, (least, 0)), len(met)):
                    to, other = met[place]
                    if to > most:
                        break
                    so_far = cost + abs(along - to) + BEND
                    if so_far >= known.get(other, FAR):
                        continue
                    known[other] = so_far
                    x, y = (at, to) if line.upright else (to, at)
                    rest = min(abs(x - left), abs(x - right)) + abs(y - height)
                    entry = (so_far + GREED * rest, next(serial), so_far, other, at, trail)
                    heappush(heap, entry)
        return None

    def _group(self, group: str | None) -> Lines:
        """Return the lines around the boxes of an app, or around all frames and loose boxes."""
        found = self._groups.get(group)
        if found is None:
            terrain = self.terrain
            boxes = terrain.outside.boxes if group is None else terrain.inside[group].boxes
            homes = () if group is None else (group,)
            found = self._groups[group] = Lines(
                boxes, terrain, homes, len(self._lines), self._near
            )
            self._lines += found.lines
        return found

    def _stub(self, dock: Point, side: int, homes: Apps) -> Line | None:
        """Return the free line that leads out from a dock."""
        x, y = dock
        span = self.terrain.across(x, y, homes)
        if span is None:
            return None
        low, high = (span[0], x - MARGINS[1]) if side == LEFT else (x + MARGINS[1], span[1])
        return Line(y, low, high) if low <= high else None

    def _met(self, line: Line | None, groups: Sequence[str | None]) -> list[tuple[float, int]]:
        """Return the lines of some groups that cross a line."""
        return [met for group in groups for met in self._group(group).met(line)] if line else []


def _corners(trail: Any) -> list[Point]:
    points: list[Point] = []
    while trail is not None:
        points.append(trail[0])
        trail = trail[1]
    return points[::-1]


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
