"""A finished layout: where everything is. Lengths in points, y grows downwards."""

from __future__ import annotations

from dataclasses import dataclass

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
    """Boxes and edges in the graph's order, frames by app, and the size of the picture.

    Edges that lead to a box outside the graph have no way and are not here.
    """

    boxes: tuple[PlacedBox, ...]
    edges: tuple[RoutedEdge, ...]
    frames: tuple[AppFrame, ...]
    width: float
    height: float
