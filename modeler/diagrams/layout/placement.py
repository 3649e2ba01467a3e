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
class Layout:
    """A whole picture.

    Attributes:
        boxes: by key.
        edges: by source and key; those that lead to a box outside the graph are not here.
        frames: by app.
        x, y: top left corner of the picture; other than 0 only around saved positions.
        width, height: its size.
    """

    boxes: tuple[PlacedBox, ...]
    edges: tuple[RoutedEdge, ...]
    frames: tuple[AppFrame, ...]
    x: float
    y: float
    width: float
    height: float


def placed_box(key: str, size: Measure, x: float, y: float) -> PlacedBox:
    """Return a box with its top left corner at a place."""
    rows = tuple([y + row for row in size.rows.values()])
    return PlacedBox(key, x, y, size.width, size.height, y + size.head, rows)


def moved(layout: Layout, dx: float, dy: float) -> Layout:
    """Return a layout moved as a whole."""
    return Layout(
        tuple(
            [
                PlacedBox(
                    box.key, box.x + dx, box.y + dy, box.width, box.height, box.head + dy,
                    tuple([row + dy for row in box.rows]),
                )
                for box in layout.boxes
            ]
        ),
        tuple(
            [
                replace(way, points=tuple([(x + dx, y + dy) for x, y in way.points]))
                for way in layout.edges
            ]
        ),
        tuple([replace(frame, x=frame.x + dx, y=frame.y + dy) for frame in layout.frames]),
        layout.x + dx, layout.y + dy, layout.width, layout.height,
    )  # fmt: skip
