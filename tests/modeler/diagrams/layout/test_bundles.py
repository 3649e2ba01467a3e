"""Bundles: frames on shelves compared whole, and what holds of all."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings

from modeler.diagrams.layout.arrange import arrange
from modeler.diagrams.layout.bundles import ROUTED, bundles_of
from modeler.diagrams.layout.placement import AppFrame, Layout, RoutedEdge
from tests.modeler.diagrams.layout.graphs import graphs, width

SOME = settings(max_examples=120, deadline=None)


def frame(app: str, x: float, y: float, wide: float = 100, high: float = 100) -> AppFrame:
    return AppFrame(app, app, x, y, wide, high)


def edges(*pairs: str) -> list[RoutedEdge]:
    return [
        RoutedEdge(f"{pair} {n}", pair[0], pair[1], (), between_apps=pair[0] != pair[1])
        for n, pair in enumerate(pairs)
    ]


ROW = [frame("a", 0, 0), frame("b", 140, 0), frame("c", 280, 0)]
FOUR = [frame("a", 0, 0), frame("b", 140, 0), frame("c", 0, 140), frame("d", 140, 140)]


@pytest.mark.parametrize(
    ("frames", "pairs", "expected"),
    [
        pytest.param(ROW, [], {}, id="none"),
        pytest.param(ROW, ["aa"], {}, id="inside an app"),
        pytest.param(
            ROW, ["ab", "ab", "ba"],
            {"ab": (2, (100, 46), (140, 46)), "ba": (1, (140, 54), (100, 54))},
            id="side by side, both ways",
        ),
        pytest.param(
            ROW, ["ac"], {"ac": (1, (50, 0), (50, -12), (330, -12), (330, 0))},
            id="over the one between",
        ),
        pytest.param(
            FOUR, ["ad", "bc"],
            {
                "ad": (1, (50, 100), (50, 113.3), (190, 113.3), (190, 140)),
                "bc": (1, (190, 100), (190, 126.7), (50, 126.7), (50, 140)),
            },
            id="in one strip, side by side",
        ),
        pytest.param(FOUR, ["ac"], {"ac": (1, (50, 100), (50, 140))}, id="straight down"),
        pytest.param(
            [*FOUR[:2], frame("c", 40, 50)], ["ac", "ba"],
            {
                "ac": (1, (0, 54), (-16, 54), (-16, 104), (40, 104)),
                "ba": (1, (140, 46), (100, 46)),
            },
            id="one lies over another",
        ),
    ],
)  # fmt: skip
def test_bundles(frames, pairs, expected):
    app_of = {app: app for app in "abcd"}
    assert {
        bundle.source + bundle.target: (
            bundle.count,
            *((round(x, 1), round(y, 1)) for x, y in bundle.points),
        )
        for bundle in bundles_of(frames, edges(*pairs), app_of)
    } == expected


def test_more_than_are_searched_lead_straight():
    """Eight frames in a zigzag, on no shelf, each app with edges to every other one."""
    frames = [frame(app, number % 2 * 130, number * 60) for number, app in enumerate("abcdefgh")]
    pairs = [one + two for one in "abcdefgh" for two in "abcdefgh" if one != two]
    found = bundles_of(frames, edges(*pairs, *pairs[:20]), {app: app for app in "abcdefgh"})
    place = {frame.app: frame for frame in frames}
    assert [bundle.source + bundle.target for bundle in found] == pairs
    for bundle in found:
        assert on_border(place[bundle.source], *bundle.points[0])
        assert on_border(place[bundle.target], *bundle.points[-1])
    assert sum(len(bundle.points) == 2 for bundle in found) == len(pairs) - ROUTED


def through_frames(layout: Layout) -> list[tuple[str, str, str]]:
    """Return the bundles with a piece inside a frame, and the frame."""
    return [
        (bundle.source, bundle.target, other.app)
        for bundle in layout.bundles
        for (x, y), (u, v) in pairwise(bundle.points)
        for other in layout.frames
        if min(x, u) < other.x + other.width - 0.01
        and max(x, u) > other.x + 0.01
        and min(y, v) < other.y + other.height - 0.01
        and max(y, v) > other.y + 0.01
    ]


@SOME
@given(graphs())
def test_bundles_count_all_edges_between_apps_and_go_around_frames(graph):
    layout = arrange(graph, width_of=width)
    app = {box.key: box.app for box in graph.boxes}
    counts = Counter((app[e.source], app[e.target]) for e in layout.edges if e.between_apps)
    assert {(b.source, b.target): b.count for b in layout.bundles} == counts
    assert through_frames(layout) == []
    frames = {frame.app: frame for frame in layout.frames}
    for bundle in layout.bundles:
        for name, point in ((bundle.source, bundle.points[0]), (bundle.target, bundle.points[-1])):
            assert on_border(frames[name], *point)


def on_border(own: AppFrame, x: float, y: float) -> bool:
    upright = min(abs(x - own.x), abs(x - own.x - own.width)) < 0.01
    flat = min(abs(y - own.y), abs(y - own.y - own.height)) < 0.01
    return (upright and own.y <= y <= own.y + own.height) or (
        flat and own.x <= x <= own.x + own.width
    )


@SOME
@given(graphs())
def test_bundles_do_not_cover_each_other(graph):
    layout = arrange(graph, width_of=width)
    for one, two in combinations(layout.bundles, 2):
        for a, b in pairwise(one.points):
            for c, d in pairwise(two.points):
                for axis in (0, 1):
                    if a[axis] == b[axis] == c[axis] == d[axis]:
                        low = max(min(a[1 - axis], b[1 - axis]), min(c[1 - axis], d[1 - axis]))
                        high = min(max(a[1 - axis], b[1 - axis]), max(c[1 - axis], d[1 - axis]))
                        assert low >= high, (one, two)
