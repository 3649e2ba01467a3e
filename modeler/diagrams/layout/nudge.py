"""Ways that run along each other, moved apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from modeler.diagrams.layout.obstacles import Obstacles
from modeler.diagrams.layout.placement import Point

STEP, ROOM = 3.0, 10.0
Piece = tuple[float, float, int, int]  # from, to, the way, its place in the way


def nudged(ways: Sequence[Sequence[Point]], obstacles: Obstacles) -> list[list[Point]]:
    """Return the ways with their inner pieces side by side where they ran on one line.

    The first and the last piece stay: they belong to a row. A piece for which there is no room
    stays as well.
    """
    result = [list(way) for way in ways]
    for axis in (0, 1):
        lines: dict[float, list[Piece]] = defaultdict(list)
        for number, way in enumerate(result):
            for place in range(1, len(way) - 2):
                (x, y), (u, v) = way[place], way[place + 1]
                ends = (y, v) if axis == 0 else (x, u)
                if (x, y)[axis] == (u, v)[axis]:
                    lines[(x, y)[axis]].append((min(ends), max(ends), number, place))
        for at in sorted(lines):
            for group in _overlapping(sorted(lines[at])):
                _part(group, at, axis, result, obstacles)
    return result


def _overlapping(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Return the pieces of a line in groups that hang together."""
    groups: list[list[Piece]] = []
    reach = 0.0
    for piece in pieces:
        if groups and piece[0] < reach:
            groups[-1].append(piece)
        else:
            groups.append([piece])
            reach = piece[1]
        reach = max(reach, piece[1])
    return groups


def _part(
    group: Sequence[Piece],
    at: float,
    axis: int,
    ways: list[list[Point]],
    obstacles: Obstacles,
) -> None:
    step = min(STEP, ROOM / max(len(group) - 1, 1))
    for index, (_, _, number, place) in enumerate(group):
        moved = at + step * (index - (len(group) - 1) / 2)
        way = ways[number]
        old = way[place], way[place + 1]
        for corner in (place, place + 1):
            x, y = way[corner]
            way[corner] = (moved, y) if axis == 0 else (x, moved)
        if not all(_free(way[i], way[i + 1], obstacles) for i in (place - 1, place, place + 1)):
            way[place], way[place + 1] = old


def _free(start: Point, end: Point, obstacles: Obstacles) -> bool:
    if start[0] == end[0]:
        span, low, high = obstacles.upright(*start), start[1], end[1]
    else:
        span, low, high = obstacles.across(*start), start[0], end[0]
    return span is not None and span[0] <= min(low, high) and max(low, high) <= span[1]
