"""Places for new tables beside those that stay where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush

from modeler.diagrams.layout import spacing
from modeler.diagrams.layout.docks import Docked
from modeler.diagrams.layout.measure import Measure
from modeler.diagrams.layout.obstacles import Obstacles, Rectangle
from modeler.diagrams.layout.placement import Point

STEP = 40.0
BESIDE = 2 * spacing.STUB + 28.0
CLEAR = 20.0  # around a place that the automatic layout gave
KIN = 6  # neighbours that are tried, those in the middle of all
PATIENCE = 6  # rings further out that are looked at for a place that leaves other apps alone


class Newcomers:
    """Tables that get their places one by one; what has a place is not moved.

    Args:
        places: the top left corners that are known.
        measures, apps: of all tables, by number.
        edges: of the graph.
    """

    def __init__(
        self,
        places: Mapping[int, Point],
        measures: Sequence[Measure],
        apps: Sequence[str],
        edges: Sequence[Docked],
    ) -> None:
        self.places = dict(places)
        self.measures, self.apps = measures, apps
        self.obstacles = Obstacles(self.area(number) for number in self.places)
        self.near: dict[int, set[int]] = defaultdict(set)
        for edge in edges:
            self.near[edge.source].add(edge.target)
            self.near[edge.target].add(edge.source)
        self._members: dict[str, list[int]] = defaultdict(list)
        for number in self.places:
            self._members[apps[number]].append(number)
        self._frames = {app: self._around(app) for app in self._members}

    def area(self, number: int) -> Rectangle:
        """Return the area of a box that has its place."""
        return area_of(self.places[number], self.measures[number])

    def put(self, number: int, place: Point) -> None:
        """Give a table its place."""
        self.places[number] = place
        self.obstacles.add(self.area(number))
        app = self.apps[number]
        self._members[app].append(number)
        own = _grown(self.area(number), spacing.FRAME_PADDING, spacing.FRAME_PADDING)
        frame = self._frames.get(app)
        self._frames[app] = _union(frame, own) if frame else own

    def free(self, number: int, place: Point) -> bool:
        """Say whether a table could stand at a place."""
        area = area_of(place, self.measures[number])
        return not self.obstacles.overlaps(_grown(area, CLEAR, CLEAR))

    def beside(self, wanted: Sequence[int]) -> None:
        """Put tables beside their neighbours, those with the most neighbours first.

        One without neighbours comes beside its app.

        Args:
            wanted: by number, in order of key.
        """
        heap = [(-len(self.near[n] & self.places.keys()), n) for n in wanted]
        heapify(heap)
        while heap:
            known, number = heappop(heap)
            placed = len(self.near[number] & self.places.keys())
            if placed > -known:  # a neighbour came meanwhile
                heappush(heap, (-placed, number))
                continue
            self.put(number, self._beside(number))

    def _beside(self, number: int) -> Point:
        placed = sorted(self.near[number] & self.places.keys())
        app = self.apps[number]
        own = [other for other in placed if self.apps[other] == app]
        # A table stays with its app: beside its neighbours there, or near those elsewhere.
        kin = own or self._members[app] or placed or sorted(self.places)
        areas = [self.area(other) for other in kin]
        wished = [self.area(other) for other in own or placed] or areas
        middle = (
            _median([(a[0] + a[2]) / 2 for a in wished]),
            _median([(a[1] + a[3]) / 2 for a in wished]),
        )
        areas.sort(key=lambda a: (_away(a, middle), a))
        return self._nearest(number, areas[:KIN], middle)

    def _nearest(self, number: int, kin: Sequence[Rectangle], middle: Point) -> Point:
        """Return the free place nearest to a point; one that leaves other frames alone first."""
        size = self.measures[number]
        best: tuple[int, float, float, float] | None = None
        ring = found_at = 0
        while best is None or (best[0] and ring <= found_at + PATIENCE):
            for left, top in _ring(size, kin, ring):
                area = area_of((left, top), size)
                if self.obstacles.overlaps(_grown(area, BESIDE, spacing.BOX_GAP)):
                    continue
                if best is None:
                    found_at = ring
                away = abs(left + size.width / 2 - middle[0]) + abs(
                    top + size.height / 2 - middle[1]
                )
                best = min(
                    best or (2, 0.0, 0.0, 0.0), (self._disturbs(number, area), away, left, top)
                )
            ring += 1
        return best[2], best[3]

    def _disturbs(self, number: int, area: Rectangle) -> int:
        """Return 1 where the frame of the table's app would grow over another one, else 0."""
        app = self.apps[number]
        mine = self._frames.get(app)
        whole = _grown(area, spacing.FRAME_PADDING, spacing.FRAME_PADDING)
        whole = _union(mine, whole) if mine else whole
        return int(
            any(
                _overlap(whole, frame) and not (mine and _overlap(mine, frame))
                for other, frame in self._frames.items()
                if other != app
            )
        )

    def _around(self, app: str) -> Rectangle:
        areas = [self.area(number) for number in self._members[app]]
        return _grown(
            (
                min(area[0] for area in areas),
                min(area[1] for area in areas) - spacing.FRAME_TITLE,
                max(area[2] for area in areas),
                max(area[3] for area in areas),
            ),
            spacing.FRAME_PADDING,
            spacing.FRAME_PADDING,
        )


def area_of(place: Point, size: Measure) -> Rectangle:
    """Return the rectangle of a box."""
    return place[0], place[1], place[0] + size.width, place[1] + size.height


def _grown(area: Rectangle, across: float, down: float) -> Rectangle:
    return area[0] - across, area[1] - down, area[2] + across, area[3] + down


def _union(one: Rectangle, two: Rectangle) -> Rectangle:
    return min(one[0], two[0]), min(one[1], two[1]), max(one[2], two[2]), max(one[3], two[3])


def _overlap(one: Rectangle, two: Rectangle) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _away(area: Rectangle, point: Point) -> float:
    return abs((area[0] + area[2]) / 2 - point[0]) + abs((area[1] + area[3]) / 2 - point[1])


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
