"""What an edge has to go around: boxes where it is at home, whole frames elsewhere.

A frame that nobody else's box or frame overlaps is one obstacle for every edge that has no end
in it. That keeps lines out of apps that they do not concern, and the search for a way short.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from modeler.diagrams.layout.obstacles import Obstacles, Rectangle, Span
from modeler.diagrams.layout.placement import Point

Apps = tuple[str, ...]


class Terrain:
    """Boxes and frames that stay where they are.

    Args:
        areas: of the boxes, by number.
        apps: of the boxes, by number.
        frames: app → the area that its boxes take, with room around them.
    """

    def __init__(
        self, areas: Sequence[Rectangle], apps: Sequence[str], frames: Mapping[str, Rectangle]
    ) -> None:
        all_frames = Obstacles(frames.values())
        self.frames = {
            app: frame
            for app, frame in frames.items()
            if len(set(all_frames.overlapping(frame))) == 1 and all_frames.boxes.count(frame) == 1
        }
        own: dict[str, list[Rectangle]] = defaultdict(list)
        for area, app in zip(areas, apps, strict=True):
            own[app].append(area)
        self.inside = {app: Obstacles(own[app]) for app in self.frames}
        loose = [area for app in sorted(own) if app not in self.frames for area in own[app]]
        self.outside = Obstacles([*self.frames.values(), *loose], around=120.0)
        for obstacles in self.inside.values():
            obstacles.left, obstacles.right = self.outside.left, self.outside.right
            obstacles.top, obstacles.bottom = self.outside.top, self.outside.bottom
        self._apps = apps

    def homes(self, source: int, target: int) -> Apps:
        """Return the apps whose boxes, not frames, are in an edge's way."""
        found = {self._apps[source], self._apps[target]} & self.frames.keys()
        return tuple(sorted(found))

    def across(self, x: float, y: float, homes: Apps) -> Span | None:
        """Return how far to the left and right one can go from a point; None inside a box."""
        span = self.outside.across(x, y, [self.frames[app] for app in homes])
        for app in homes:
            span = _common(span, self.inside[app].across(x, y))
        return span

    def upright(self, x: float, y: float, homes: Apps) -> Span | None:
        """Return how far up and down one can go from a point; None inside a box."""
        span = self.outside.upright(x, y, [self.frames[app] for app in homes])
        for app in homes:
            span = _common(span, self.inside[app].upright(x, y))
        return span

    def overlapping(self, area: Rectangle, homes: Apps) -> list[Rectangle]:
        """Return what is in the way in an area."""
        own = [self.frames[app] for app in homes]
        found = [box for box in self.outside.overlapping(area) if box not in own]
        for app in homes:
            found += self.inside[app].overlapping(area)
        return found

    def free(self, points: Sequence[Point], homes: Apps) -> bool:
        """Say whether nothing is in the way of a polyline."""
        for (x, y), (u, v) in pairwise(points):
            if x == u:
                span, low, high = self.upright(x, y, homes), y, v
            else:
                span, low, high = self.across(x, y, homes), x, u
            if span is None or min(low, high) < span[0] or max(low, high) > span[1]:
                return False
        return True


def _common(one: Span | None, two: Span | None) -> Span | None:
    if one is None or two is None:
        return None
    return max(one[0], two[0]), min(one[1], two[1])
