"""The automatic layout as the pattern of a saved one: what stands as in it keeps its ways.

A box's shift is how far a person (or an older schema) put it from its place in the pattern. An
edge whose boxes have one shift keeps its way, shifted; where a box moved a little against the
other, the way's end pieces follow it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

from modeler.diagrams.graph import Graph
from modeler.diagrams.layout.placement import (
    AppFrame,
    Layout,
    PlacedBox,
    Point,
    RoutedEdge,
    moved,
)

GRAIN, FAR = 0.5, 240.0
SAMPLE = 3  # apps that are laid out to find out what positions were saved of
Automatic = Callable[[Graph], Layout]


class Pattern:
    """An automatic layout, and how far saved boxes are from it.

    Args:
        layout: automatic, of all boxes or of the saved ones.
        places: key of a box → its saved corner.
    """

    def __init__(self, layout: Layout, places: Mapping[str, Point]) -> None:
        self.layout = layout
        self.boxes: dict[str, PlacedBox] = {box.key: box for box in layout.boxes}
        self.ways: dict[str, RoutedEdge] = {way.key: way for way in layout.edges}
        self.frames: dict[str, AppFrame] = {frame.app: frame for frame in layout.frames}
        self.shifts = {
            key: self.shift(key, place) for key, place in places.items() if key in self.boxes
        }
        counted = Counter(self.shifts.values())
        self.common = max(counted, key=lambda shift: (counted[shift], shift), default=(0.0, 0.0))

    def whole(self, places: Mapping[str, Point]) -> Layout | None:
        """Return the pattern moved as a whole, where that puts every box to its place."""
        found = moved(self.layout, *self.common)
        corners = {box.key: (box.x, box.y) for box in found.boxes}
        return found if corners == places else None

    def shift(self, key: str, place: Point) -> Point:
        """Return how far a place is from the pattern's, in steps of GRAIN.

        Positions that a page rounded stand where they stood.
        """
        box = self.boxes[key]
        return (
            round((place[0] - box.x) / GRAIN) * GRAIN,
            round((place[1] - box.y) / GRAIN) * GRAIN,
        )

    def wished(self, key: str, kin: Sequence[str]) -> Point | None:
        """Return where a new box belongs: its place in the pattern, shifted as most of its kin."""
        box = self.boxes.get(key)
        if box is None:
            return None
        counted = Counter(self.shifts[other] for other in kin if other in self.shifts)
        dx, dy = max(counted, key=lambda shift: (counted[shift], shift), default=self.common)
        return box.x + dx, box.y + dy

    def way(self, key: str, start: Docked, end: Docked) -> list[Point] | None:
        """Return an edge's way, its ends moved with their boxes.

        Args:
            key: of the edge.
            start, end: its boxes: their keys, shifts, and the heights at which it docks now.
        """
        known = self.ways.get(key)
        if known is None or known.source != start[0] or known.target != end[0]:
            return None
        points = known.points
        for (_, shift, dock), (_, y) in ((start, points[0]), (end, points[-1])):
            # Between apps an edge docks a little off its row's middle.
            if abs(y + shift[1] - dock) > 3.0:
                return None
        if start[1] == end[1]:
            dx, dy = start[1]
            return [(x + dx, y + dy) for x, y in points] if dx or dy else list(points)
        cx, cy = self.common
        first, last = ((shift[0] - cx, shift[1] - cy) for shift in (start[1], end[1]))
        # Where a box went far, the middle of its old way leads astray.
        if max(abs(first[0]) + abs(first[1]), abs(last[0]) + abs(last[1])) > FAR:
            return None
        way = _stretched(points, first, last)
        return [(x + cx, y + cy) for x, y in way] if way else None


Docked = tuple[str, Point, float]


def pattern_of(graph: Graph, places: Mapping[str, Point], automatic: Automatic) -> Pattern:
    """Return the automatic layout that saved positions fit best.

    That is the layout of the saved boxes alone where the others came later, or the one of all
    boxes where a person moved a few and left the rest to us. A few apps tell which.
    """
    old = _part(graph, {box.key for box in graph.boxes if box.key in places})
    if 2 * len(old.boxes) >= len(graph.boxes) > len(old.boxes):
        new = Counter(box.app for box in graph.boxes if box.key not in places)
        apps = sorted(
            new.keys() & {box.app for box in old.boxes}, key=lambda app: (-new[app], app)
        )[:SAMPLE]
        sample = {box.key for box in graph.boxes if box.app in apps}
        if _fit(_part(old, sample), places, automatic) >= _fit(
            _part(graph, sample), places, automatic
        ):
            return Pattern(automatic(old), places)
    return Pattern(automatic(graph), places)


def _part(graph: Graph, keys: Collection[str]) -> Graph:
    edges = (edge for edge in graph.edges if edge.source in keys and edge.target in keys)
    boxes = (box for box in graph.boxes if box.key in keys)
    return Graph(tuple(boxes), tuple(edges), graph.app_titles)


def _fit(part: Graph, places: Mapping[str, Point], automatic: Automatic) -> int:
    """Return how many saved boxes stand at the heights of a layout, but for a shift by app."""
    apps = {box.key: box.app for box in part.boxes}
    shifts: dict[str, Counter[int]] = defaultdict(Counter)
    for box in automatic(part).boxes:
        if box.key in places:
            shifts[apps[box.key]][round(places[box.key][1] - box.y)] += 1
    return sum(max(counted.values()) for counted in shifts.values())


def _stretched(points: Sequence[Point], first: Point, last: Point) -> list[Point] | None:
    """Move a way's ends apart: the end pieces go along, the pieces in the middle stay."""
    if len(points) < 4:
        return None
    moved = [list(point) for point in points]
    if len(points) == 4:
        # One bend pair: its upright piece goes along with both.
        middle = (first[0] + last[0]) / 2
        moved[0] = [points[0][0] + first[0], points[0][1] + first[1]]
        moved[1] = [points[1][0] + middle, points[1][1] + first[1]]
        moved[2] = [points[2][0] + middle, points[2][1] + last[1]]
        moved[3] = [points[3][0] + last[0], points[3][1] + last[1]]
    else:
        for (dx, dy), (end, corner, next_corner) in (
            (first, (0, 1, 2)),
            (last, (-1, -2, -3)),
        ):
            moved[end] = [points[end][0] + dx, points[end][1] + dy]
            moved[corner] = [points[corner][0] + dx, points[corner][1] + dy]
            moved[next_corner][0] = points[next_corner][0] + dx
    way = [(x, y) for x, y in moved]
    # An end piece that changed its direction would run through its own box.
    for end, corner in ((0, 1), (-1, -2)):
        before = points[corner][0] - points[end][0]
        now = way[corner][0] - way[end][0]
        if before * now <= 0 or abs(now) < 4:
            return None
    return way if all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(way)) else None
