"""All edges from one app to another as one line: between frames, for the map of the apps.

Where the frames stand on shelves, the lines run in the strips between shelves and through the
gaps between frames. Where a person moved them off, the ROUTED largest bundles are searched a way
around the frames; the rest lead straight from border to border.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from modeler.diagrams.layout.detour import Detours, straightened
from modeler.diagrams.layout.placement import AppFrame, Bundle, Point, RoutedEdge
from modeler.diagrams.layout.strips import Strips
from modeler.diagrams.layout.terrain import Terrain

ROUTED = 40
APART = 8.0  # the two directions between two apps, where they run straight
Counts = Mapping[tuple[str, str], int]


def bundles_of(
    frames: Sequence[AppFrame], edges: Iterable[RoutedEdge], app_of: Mapping[str, str]
) -> tuple[Bundle, ...]:
    """Return a line for every app that refers to another one, by source and target.

    Args:
        frames: where the apps are.
        edges: of the picture.
        app_of: key of a box → its app.
    """
    counts = Counter(
        [(app_of[edge.source], app_of[edge.target]) for edge in edges if edge.between_apps]
    )
    if not counts:
        return ()
    strips = Strips.between(frames)
    ways = strips.ways(sorted(counts)) if strips else _around(frames, counts)
    return tuple(
        [
            Bundle(*pair, count, tuple(straightened(ways[pair])))
            for pair, count in sorted(counts.items())
        ]
    )


def _around(frames: Sequence[AppFrame], counts: Counts) -> dict[tuple[str, str], list[Point]]:
    """Return ways between frames that stand anywhere."""
    place = {frame.app: frame for frame in frames}
    areas = [(f.x, f.y, f.x + f.width, f.y + f.height) for f in frames]
    detours = Detours(Terrain(areas, [frame.app for frame in frames], {}))
    largest = sorted(counts, key=lambda pair: (-counts[pair], pair))[:ROUTED]
    ways = {}
    for one, two in counts:
        way = None
        # Opposite directions dock at different heights.
        side = 1 if one < two else -1
        if (one, two) in largest:
            way = detours.way(_docks(place[one], side), _docks(place[two], side), ())
        ways[one, two] = way or _straight(place[one], place[two], side * APART / 2)
    return ways


def _docks(frame: AppFrame, side: int) -> tuple[Point, Point]:
    y = frame.y + frame.height / 2 + side * APART / 2
    return (frame.x, y), (frame.x + frame.width, y)


def _straight(one: AppFrame, two: AppFrame, aside: float) -> list[Point]:
    """Return the piece of the line between two middles that lies outside both frames."""
    x, y = one.x + one.width / 2, one.y + one.height / 2
    u, v = two.x + two.width / 2, two.y + two.height / 2
    far = max(abs(u - x), abs(v - y)) or 1.0
    across, down = -(v - y) / far * aside, (u - x) / far * aside
    if one.app > two.app:  # the line back is on the other side of the same line
        across, down = -across, -down
    x, y, u, v = x + across, y + down, u + across, v + down
    leave, arrive = _leaving(one, x, y, u, v), 1 - _leaving(two, u, v, x, y)
    if leave >= arrive:  # one lies over the other
        leave, arrive = 0.0, 1.0
    return [(x + (u - x) * at, y + (v - y) * at) for at in (leave, arrive)]


def _leaving(frame: AppFrame, x: float, y: float, u: float, v: float) -> float:
    """Return at which part of a line, which starts in a frame, it leaves it."""
    found = 1.0
    if u != x:
        found = min(found, ((frame.x + frame.width if u > x else frame.x) - x) / (u - x))
    if v != y:
        found = min(found, ((frame.y + frame.height if v > y else frame.y) - y) / (v - y))
    return found
