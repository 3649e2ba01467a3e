"""Places for new tables beside those that stay where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from modeler.diagrams.layout import spacing
from modeler.diagrams.layout.docks import Docked
from modeler.diagrams.layout.measure import Measure
from modeler.diagrams.layout.obstacles import Obstacles, Rectangle
from modeler.diagrams.layout.placement import Point

STEP = 40.0
BESIDE = 2 * spacing.STUB + 28.0


def newcomers(
    wanted: Sequence[int],
    places: Mapping[int, Point],
    measures: Sequence[Measure],
    edges: Sequence[Docked],
    apps: Sequence[str],
) -> dict[int, Point]:
    """Return a free place for each new table; what has a place is not moved.

    The table with the most placed neighbours comes first, beside them; one without neighbours
    comes beside its app.

    Args:
        wanted: the new tables, by number, in order of key.
        places: the others' top left corners.
        measures, apps: of all tables, by number.
        edges: of the graph.
    """
    places = dict(places)
    found: dict[int, Point] = {}
    obstacles = Obstacles(area_of(places[number], measures[number]) for number in places)
    near: dict[int, set[int]] = defaultdict(set)
    for edge in edges:
        near[edge.source].add(edge.target)
        near[edge.target].add(edge.source)
    waiting = list(wanted)
    while waiting:
        number = max(waiting, key=lambda n: (len(near[n] & places.keys()), -n))
        waiting.remove(number)
        kin = sorted(near[number] & places.keys()) or sorted(
            other for other in places if apps[other] == apps[number]
        )
        areas = [area_of(places[other], measures[other]) for other in kin or sorted(places)]
        place = _free(measures[number], areas, obstacles)
        places[number] = found[number] = place
        obstacles.add(area_of(place, measures[number]))
    return found


def area_of(place: Point, size: Measure) -> Rectangle:
    """Return the rectangle of a box."""
    return place[0], place[1], place[0] + size.width, place[1] + size.height


def _free(size: Measure, kin: Sequence[Rectangle], obstacles: Obstacles) -> Point:
    """Return the free place that is nearest to the middle of a table's kin."""
    x = sum(left + right for left, _, right, _ in kin) / 2 / len(kin)
    y = sum(top + bottom for _, top, _, bottom in kin) / 2 / len(kin)
    ring = 0
    while True:
        free = [
            (abs(left + size.width / 2 - x) + abs(top + size.height / 2 - y), left, top)
            for left, top in _ring(size, kin, ring)
            if not obstacles.overlaps(
                (
                    left - BESIDE,
                    top - spacing.BOX_GAP,
                    left + size.width + BESIDE,
                    top + size.height + spacing.BOX_GAP,
                )
            )
        ]
        if free:
            _, left, top = min(free)
            return left, top
        ring += 1


def _ring(size: Measure, kin: Iterable[Rectangle], ring: int) -> Iterable[Point]:
    """Return the places around each neighbour, ``ring`` steps away from it."""
    away = ring * STEP
    for left, top, right, bottom in kin:
        lefts = (left - BESIDE - size.width - away, right + BESIDE + away)
        tops = (top - spacing.BOX_GAP - size.height - away, bottom + spacing.BOX_GAP + away)
        for x in lefts:
            yield x, top
            for step in range(1, ring + 1):
                yield x, top + step * STEP
                yield x, top - step * STEP
        for y in tops:
            yield left, y
            for step in range(1, ring + 1):
                yield left + step * STEP, y
                yield left - step * STEP, y
