"""Edges of an SVG: lines with what stands at both ends.

The marks are drawn as paths, not as SVG markers: printers and converters draw these alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from modeler.diagrams.graph import PROXY, THROUGH, Edge
from modeler.diagrams.layout.placement import Point, RoutedEdge
from modeler.schema.relation import Cardinality, RelationKind

CORNER = 4.0  # radius of a bend
FOOT, SPREAD = 8.0, 5.0  # a crow's foot: length, and half its width at the box
BAR, RADIUS = 4.5, 3.0
TRIANGLE = 10.0
INHERITS = frozenset({PROXY, str(RelationKind.PARENT_LINK)})
DASHES = {THROUGH: "1.5 3.5"}


def line(points: Sequence[Point]) -> str:
    """Return a path along the points with rounded bends."""
    first, *rest = points
    found = [f"M{_at(first)}"]
    for before, here, after in zip(points, rest, rest[1:], strict=False):
        radius = min(CORNER, _length(before, here) / 2, _length(here, after) / 2)
        if radius < 1:
            found.append(f"L{_at(here)}")
            continue
        found.append(f"L{_at(_towards(here, before, radius))}")
        found.append(f"Q{_at(here)} {_at(_towards(here, after, radius))}")
    found.append(f"L{_at(rest[-1])}" if rest else "")
    return "".join(found)


def dashes(edge: Edge) -> str:
    """Return how a line is dashed: not at all where the database enforces it."""
    if edge.kind in DASHES:
        return DASHES[edge.kind]
    loose = not edge.enforced or edge.kind in {PROXY, RelationKind.GENERIC_REVERSE}
    return "5 3" if loose else ""


def ends(edge: Edge, way: RoutedEdge) -> tuple[str, str]:
    """Return the marks at both ends as two paths: strokes alone, and shapes that are filled."""
    strokes: list[str] = []
    shapes: list[str] = []
    pairs = (
        (edge.at_source, way.points[0], way.points[1], False),
        (edge.at_target, way.points[-1], way.points[-2], True),
    )
    for cardinality, (x, y), (inward, _), is_target in pairs:
        out = 1.0 if inward >= x else -1.0
        if is_target and edge.kind in INHERITS:
            shapes.append(_triangle(x, y, out))
            continue
        if is_target and edge.kind == RelationKind.GENERIC_REVERSE:
            shapes.append(_diamond(x, y, out))
            continue
        if cardinality is None:
            continue
        strokes.append(_near(cardinality, x, y, out))
        if cardinality.optional:
            shapes.append(_circle(x + out * (FOOT + RADIUS), y))
    return "".join(strokes), "".join(shapes)


def _near(cardinality: Cardinality, x: float, y: float, out: float) -> str:
    """Return the foot or bar at the box, and the second bar of what is not optional."""
    bars = []
    if cardinality.many:
        tip = x + out * FOOT
        foot = f"M{_at((tip, y))}L{_at((x, y - SPREAD))}M{_at((tip, y))}L{_at((x, y + SPREAD))}"
    else:
        foot = ""
        bars.append(x + out * 4)
    if not cardinality.optional:
        bars.append(x + out * (FOOT + 2 if cardinality.many else 8))
    return foot + "".join(f"M{_at((bar, y - BAR))}V{_number(y + BAR)}" for bar in bars)


def _circle(x: float, y: float) -> str:
    r, across = _number(RADIUS), _number(2 * RADIUS)
    return f"M{_at((x - RADIUS, y))}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 -{across} 0Z"


def _triangle(x: float, y: float, out: float) -> str:
    base = x + out * TRIANGLE
    return f"M{_at((x, y))}L{_at((base, y - SPREAD))}V{_number(y + SPREAD)}Z"


def _diamond(x: float, y: float, out: float) -> str:
    half = out * TRIANGLE * 0.7
    return (
        f"M{_at((x, y))}L{_at((x + half, y - SPREAD))}L{_at((x + 2 * half, y))}"
        f"L{_at((x + half, y + SPREAD))}Z"
    )


def _length(a: Point, b: Point) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _towards(start: Point, end: Point, length: float) -> Point:
    whole = _length(start, end)
    share = length / whole
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _at(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text
