"""A finished layout: where everything is. Lengths in points, y grows downwards."""

from __future__ import annotations

from dataclasses import dataclass, replace

from modeler.diagrams.layout.measure import Measure

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A table's place.

    Attributes:
        key: of the box in the graph.
        x, y: its top left corner.
        width, height: its size.
        head: y of the middle of its heading.
        rows: y of the middle of each row, in the order of the box's rows.
    """

    key: str
    x: float
    y: float
    width: float
    height: float
    head: float
    rows: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutedEdge:
    """An edge's way, from the referencing box to the referenced one.

    Attributes:
        key: of the edge in the graph.
        source, target: keys of its boxes.
        points: corners of a polyline of horizontal and vertical pieces; the first and the last
            lie on a left or right side of their box, at the height of a row or of the heading.
        between_apps: its boxes belong to different apps.
    """

    key: str
    source: str
    target: str
    points: tuple[Point, ...]
    between_apps: bool = False


@dataclass(frozen=True, slots=True)
class AppFrame:
    """The frame around an app's tables, with its title at the top."""

    app: str
    title: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bundle:
    """All edges from one app to another one, as one line.

    Attributes:
        source, target: labels of the apps.
        count: how many edges.
        points: corners of a polyline from the source's frame to the target's, each end on the
            frame's border. It may pass a little outside the picture.
    """

    source: str
    target: str
    count: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole picture.

    Attributes:
        boxes: by key.
        edges: by source and key; those that lead to a box outside the graph are not here.
        frames: by app.
        x, y: top left corner of the picture; other than 0 only around saved positions.
        width, height: its size.
        bundles: edges between apps, by source and target; for a picture of the apps alone.
    """

    boxes: tuple[PlacedBox, ...]
    edges: tuple[RoutedEdge, ...]
    frames: tuple[AppFrame, ...]
    x: float
    y: float
    width: float
    height: float
    bundles: tuple[Bundle, ...] = ()


def placed_box(key: str, size: Measure, x: float, y: float) -> PlacedBox:
    """Return a box with its top left corner at a place."""
    rows = tuple([y + row for row in size.rows.values()])
    return PlacedBox(key, x, y, size.width, size.height, y + size.head, rows)


def moved(layout: Layout, dx: float, dy: float) -> Layout:
    """Return a layout moved as a whole."""

    def line(points: tuple[Point, ...]) -> tuple[Point, ...]:
        return tuple([(x + dx, y + dy) for x, y in points])

    boxes = [
        replace(
            box,
            x=box.x + dx,
            y=box.y + dy,
            head=box.head + dy,
            rows=tuple([row + dy for row in box.rows]),
        )
        for box in layout.boxes
    ]
    return replace(
        layout,
        boxes=tuple(boxes),
        edges=tuple([replace(way, points=line(way.points)) for way in layout.edges]),
        frames=tuple([replace(f, x=f.x + dx, y=f.y + dy) for f in layout.frames]),
        x=layout.x + dx,
        y=layout.y + dy,
        bundles=tuple([replace(b, points=line(b.points)) for b in layout.bundles]),
    )
