"""The simple ways between two rows: straight, one bend pair in a free strip, two around a box.

Most edges have one of them, and to look for it costs a fraction of a search.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from modeler.diagrams.layout.obstacles import Span
from modeler.diagrams.layout.placement import Point
from modeler.diagrams.layout.terrain import Apps, Terrain

MARGIN, LEAST = 16.0, 4.0  # to keep from boxes; where there is no room for it, at least
BEND = 40.0
SIDES = ((1, 0), (1, 1), (0, 0), (0, 1))  # of source and target; 0 left, 1 right
Docks = tuple[Point, Point]  # a row's ends at the left and the right side of its box
Found = tuple[float, list[Point]]


def simple_way(source: Docks, target: Docks, terrain: Terrain, homes: Apps) -> Found | None:
    """Return the cheapest simple way with its cost: its length, and BEND for every corner."""
    starts = [_stub(dock, side, terrain, homes) for side, dock in enumerate(source)]
    ends = [_stub(dock, side, terrain, homes) for side, dock in enumerate(target)]
    best: Found | None = None
    tries = sorted((_least(source[s], target[t], s, t), s, t) for s, t in SIDES)
    for least, s, t in tries:
        if best and best[0] <= least:
            break
        start, end = starts[s], ends[t]
        if start is None or end is None:
            continue
        for found in (
            _one_strip(source[s], target[t], start, end, terrain, homes),
            _two_strips(source[s], target[t], start, end, s, t, terrain, homes),
        ):
            if found and (best is None or found[0] < best[0]):
                best = found
            if best and best[0] <= least:
                break
    return best


def cost_of(points: Sequence[Point]) -> float:
    """Return a way's length, and BEND for every corner."""
    length = sum(abs(x - u) + abs(y - v) for (x, y), (u, v) in pairwise(points))
    return length + BEND * (len(points) - 2)


def _least(start: Point, end: Point, s: int, t: int) -> float:
    """Return what a way costs at least that leaves and arrives at these sides."""
    dx = end[0] - start[0]
    if s == 1 and t == 0:
        away = dx if dx > 0 else -dx + 4 * MARGIN
        bends = 2 if dx > 0 and start[1] != end[1] else 4 if dx <= 0 else 0
    elif s == 0 and t == 1:
        away = -dx if dx < 0 else dx + 4 * MARGIN
        bends = 2 if dx < 0 and start[1] != end[1] else 4 if dx >= 0 else 0
    else:
        away, bends = abs(dx) + 2 * MARGIN, 2
    return away + abs(start[1] - end[1]) + BEND * bends


def _stub(dock: Point, side: int, terrain: Terrain, homes: Apps) -> Span | None:
    """Return from where to where one can go out from a dock."""
    span = terrain.across(*dock, homes)
    if span is None:
        return None
    x = dock[0]
    low, high = (x, span[1]) if side else (span[0], x)
    return (low, high) if high - low >= 2 * LEAST else None


def _one_strip(
    start: Point, end: Point, first: Span, last: Span, terrain: Terrain, homes: Apps
) -> Found | None:
    (x, y), (u, v) = start, end
    low, high = max(first[0], last[0]), min(first[1], last[1])
    if y == v and first[0] <= u <= first[1]:
        return abs(x - u), [start, end]
    if high - low < 2 * LEAST:
        return None
    top, bottom = min(y, v), max(y, v)
    found = []
    for at, end_at in _gaps(
        low, high, [(b[0], b[2]) for b in terrain.overlapping((low, top, high, bottom), homes)]
    ):
        middle = _inside(at, end_at, u)
        if middle is not None:
            found.append((abs(x - middle) + abs(u - middle), abs(u - middle), middle))
    if not found:
        return None
    length, _, middle = min(found)
    return length + bottom - top + 2 * BEND, [start, (middle, y), (middle, v), end]


def _two_strips(
    start: Point,
    end: Point,
    first: Span,
    last: Span,
    s: int,
    t: int,
    terrain: Terrain,
    homes: Apps,
) -> Found | None:
    (x, y), (u, v) = start, end
    here, there = _inside(*first, x), _inside(*last, u)
    if here is None or there is None or here == there:
        return None
    one, two = terrain.upright(here, y, homes), terrain.upright(there, v, homes)
    if one is None or two is None:
        return None
    low, high = max(one[0], two[0]), min(one[1], two[1])
    if high - low < 2 * LEAST:
        return None
    left, right = min(here, there), max(here, there)
    found = []
    middle = (y + v) / 2
    for at, end_at in _gaps(
        low, high, [(b[1], b[3]) for b in terrain.overlapping((left, low, right, high), homes)]
    ):
        height = _inside(at, end_at, min(max(at, middle), end_at))
        if height is not None:
            found.append((abs(y - height) + abs(v - height), abs(v - height), height))
    if not found:
        return None
    length, _, height = min(found)
    points = [start, (here, y), (here, height), (there, height), (there, v), end]
    whole = length + abs(x - here) + abs(here - there) + abs(there - u) + 4 * BEND
    return whole, points


def _gaps(low: float, high: float, taken: Sequence[Span]) -> list[Span]:
    """Return what is free between two lengths."""
    found = []
    for start, end in sorted(taken):
        if start > low:
            found.append((low, start))
        low = max(low, end)
    if high > low:
        found.append((low, high))
    return found


def _inside(low: float, high: float, near: float) -> float | None:
    """Return the place in a gap that is nearest to a length, with room on both sides."""
    if high - low < 2 * LEAST:
        return None
    if high - low < 2 * MARGIN:
        return (low + high) / 2
    return min(max(near, low + MARGIN), high - MARGIN)
