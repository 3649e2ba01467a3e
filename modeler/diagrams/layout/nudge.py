"""Ways that would run along each other, moved apart."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Sequence

from modeler.diagrams.layout.placement import Point
from modeler.diagrams.layout.terrain import Apps, Terrain

STEP, TRIES = 4.0, 7
APART = 2.0  # lines nearer than this look like one
Way = list[Point]


class Taken:
    """Pieces of ways that run in one direction, found by their place."""

    def __init__(self) -> None:
        self._pieces: dict[int, list[tuple[float, float, float]]] = defaultdict(list)

    def add(self, at: float, low: float, high: float) -> None:
        """Enter a piece."""
        insort(self._pieces[int(at // APART)], (low, high, at))

    def free(self, at: float, low: float, high: float) -> bool:
        """Say whether no piece runs along a place."""
        cell = int(at // APART)
        for near in (cell - 1, cell, cell + 1):
            pieces = self._pieces.get(near)
            if pieces:
                # Pieces are sorted by their start: those from ``high`` on are out of reach.
                for start, end, other in pieces[: bisect_left(pieces, (high,))]:
                    if end > low and start < high and abs(other - at) < APART:
                        return False
        return True


def nudged(
    ways: Sequence[Way | None], standing: Sequence[Sequence[Point]], homes: Sequence[Apps],
    terrain: Terrain,
) -> list[Way | None]:  # fmt: skip
    """Return the ways with every inner piece on the first free track beside where it was.

    The first and the last piece stay: they belong to a row. A piece for which there is no room
    stays as well.

    Args:
        ways: to move; None for one that stands.
        standing: ways that are not moved.
        homes: of each way, as in ``Terrain``.
        terrain: where there is no room.
    """
    result: list[Way | None] = [list(way) if way else None for way in ways]
    for axis in (0, 1):
        taken = Taken()
        for still in standing:
            for place in range(len(still) - 1):
                _enter(taken, still, place, axis)
        pieces = []
        for number, way in enumerate(result):
            if way is None:
                continue
            last = len(way) - 2
            for place in range(last + 1):
                if way[place][axis] == way[place + 1][axis]:
                    if 0 < place < last:
                        ends = way[place][1 - axis], way[place + 1][1 - axis]
                        pieces.append((way[place][axis], min(ends), max(ends), number, place))
                    else:
                        _enter(taken, way, place, axis)
        for at, low, high, number, place in sorted(pieces):
            way = result[number]
            assert way is not None
            _move(way, place, axis, taken, (at, low, high), homes[number], terrain)
            _enter(taken, way, place, axis)
    return result


def _enter(taken: Taken, way: Sequence[Point], place: int, axis: int) -> None:
    one, two = way[place], way[place + 1]
    if one[axis] == two[axis]:
        ends = one[1 - axis], two[1 - axis]
        taken.add(one[axis], min(ends), max(ends))


def _move(
    way: Way, place: int, axis: int, taken: Taken, piece: tuple[float, float, float],
    homes: Apps, terrain: Terrain,
) -> None:  # fmt: skip
    at, low, high = piece
    old = way[place], way[place + 1]
    if taken.free(at, low, high):
        return
    for index in range(1, 2 * TRIES + 1):
        moved = at + STEP * ((index + 1) // 2) * (1 if index % 2 else -1)
        if not taken.free(moved, low, high):
            continue
        for corner in (place, place + 1):
            x, y = way[corner]
            way[corner] = (moved, y) if axis == 0 else (x, moved)
        if _forward(way, place, axis) and terrain.free(way[place - 1 : place + 3], homes):
            return
        way[place], way[place + 1] = old


def _forward(way: Way, place: int, axis: int) -> bool:
    """Say whether the first and the last piece still lead away from their boxes."""
    ends = [(0, place - 1 == 0), (len(way) - 1, place + 2 == len(way) - 1)]
    for end, touched in ends:
        if touched and axis == 0:
            inner = way[1] if end == 0 else way[-2]
            if abs(inner[0] - way[end][0]) < 2 * APART:
                return False
    return True
