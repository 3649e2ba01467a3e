"""Graphs to lay out, and what must hold of every layout."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from hypothesis import strategies as st

from modeler.diagrams.graph import Box, Edge, Graph, Row
from modeler.diagrams.layout.placement import AppFrame, Layout, PlacedBox, Point
from modeler.schema.table import TableKind


def box(key: str, *columns: str) -> Box:
    """A table with these columns, all ``bigint``."""
    app, _, title = key.rpartition(".")
    return Box(key, title, app, "", TableKind.MODEL, tuple(Row(c, "bigint") for c in columns))


def edge(name: str, source: str, target: str, column: str, to: str = "id") -> Edge:
    """A foreign key."""
    return Edge(f"{source}.{name}", source, target, "foreign key", (column,), (to,))


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Every character is half as wide as high."""
    return len(text) * size / 2


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Apps, tables with up to six rows, and edges of every sort: loops, parallel ones, cycles,
    between apps, from columns that are not shown, to boxes that are not there."""
    count = draw(st.integers(1, 14))
    apps = draw(st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=count, max_size=count))
    rows = draw(st.lists(st.integers(0, 6), min_size=count, max_size=count))
    keys = [f"{app}.T{number}" for number, app in enumerate(apps)]
    boxes = [
        Box(
            key, key[2:], app, "", TableKind.MODEL,
            tuple(Row("id" if n == 0 else f"c{n}", "text") for n in range(size)),
        )
        for key, app, size in zip(keys, apps, rows, strict=True)
    ]  # fmt: skip
    ends = draw(
        st.lists(
            st.tuples(
                st.sampled_from(keys), st.sampled_from([*keys, "gone.T"]), st.integers(0, 7)
            ),
            max_size=30,
        )
    )
    edges = [
        edge(f"f{number}", source, target, f"c{column}" if column else "id")
        for number, (source, target, column) in enumerate(ends)
    ]
    return Graph(tuple(boxes), tuple(edges))


def overlapping(layout: Layout) -> list[tuple[str, str]]:
    """Return the boxes that overlap."""
    return [
        (one.key, two.key)
        for one, two in combinations(layout.boxes, 2)
        if one.x < two.x + two.width
        and two.x < one.x + one.width
        and one.y < two.y + two.height
        and two.y < one.y + one.height
    ]


def through(layout: Layout) -> list[tuple[str, str]]:
    """Return edge and box where an edge enters the inside of a box, its own ones too."""
    found = []
    for way in layout.edges:
        for (x, y), (u, v) in pairwise(way.points):
            assert x == u or y == v, f"{way.key} runs askew"
            for other in layout.boxes:
                if (
                    min(x, u) < other.x + other.width - 0.01
                    and max(x, u) > other.x + 0.01
                    and min(y, v) < other.y + other.height - 0.01
                    and max(y, v) > other.y + 0.01
                ):
                    found.append((way.key, other.key))
    return found


def undocked(graph: Graph, layout: Layout) -> list[str]:
    """Return the edges that do not end at the side of their box, within their row."""
    placed = {other.key: other for other in layout.boxes}
    rows = {other.key: [row.name for row in other.rows] for other in graph.boxes}
    known = {other.key: other for other in graph.edges}
    found = []
    for way in layout.edges:
        relation = known[way.key]
        ends = (
            (way.source, relation.columns, way.points[0]),
            (way.target, relation.target_columns, way.points[-1]),
        )
        for key, columns, (x, y) in ends:
            own = placed[key]
            sides = (own.x, own.x + own.width)
            if min(abs(x - side) for side in sides) > 0.01 or not _in_row(
                own, rows[key], columns[0], y
            ):
                found.append(way.key)
    return found


def _in_row(own: PlacedBox, names: list[str], column: str, y: float) -> bool:
    if column in names:
        return abs(own.rows[names.index(column)] - y) <= 9
    return abs(own.head - y) <= 12


def outside(layout: Layout) -> list[str]:
    """Return what lies outside the picture."""
    found = []
    framed: list[PlacedBox | AppFrame] = [*layout.boxes, *layout.frames]
    for other in framed:
        name = other.key if isinstance(other, PlacedBox) else other.app
        right, bottom = other.x + other.width, other.y + other.height
        if not (layout.x <= other.x and right <= layout.x + layout.width + 0.01):
            found.append(name)
        if not (layout.y <= other.y and bottom <= layout.y + layout.height + 0.01):
            found.append(name)
    for way in layout.edges:
        for x, y in way.points:
            inside = layout.x - 0.01 <= x <= layout.x + layout.width + 0.01
            if not inside or not layout.y - 0.01 <= y <= layout.y + layout.height + 0.01:
                found.append(way.key)
    return found


def hidden(layout: Layout) -> list[tuple[str, str]]:
    """Return pairs of edges of one box to one box of which a piece of one covers the other's."""
    found = []
    for one, two in combinations(layout.edges, 2):
        if (one.source, one.target) != (two.source, two.target):
            continue
        for a, b in pairwise(one.points):
            for c, d in pairwise(two.points):
                for axis in (0, 1):
                    if a[axis] == b[axis] == c[axis] == d[axis]:
                        low = max(min(a[1 - axis], b[1 - axis]), min(c[1 - axis], d[1 - axis]))
                        high = min(max(a[1 - axis], b[1 - axis]), max(c[1 - axis], d[1 - axis]))
                        if low < high:
                            found.append((one.key, two.key))
    return found


def near(points: Sequence[Point], area: PlacedBox, room: float = 1.0) -> bool:
    """Say whether a polyline comes into a box or as near as that."""
    return any(
        min(x, u) < area.x + area.width + room
        and max(x, u) > area.x - room
        and min(y, v) < area.y + area.height + room
        and max(y, v) > area.y - room
        for (x, y), (u, v) in pairwise(points)
    )
