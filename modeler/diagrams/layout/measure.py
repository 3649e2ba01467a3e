"""How large a box is, and at what height its rows stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from modeler.diagrams.graph import Box
from modeler.diagrams.layout import spacing
from modeler.diagrams.metrics import text_width
from modeler.schema.table import TableKind

PLAIN = frozenset({TableKind.MODEL, TableKind.TABLE})
TextWidth = Callable[..., float]


@dataclass(frozen=True, slots=True)
class Measure:
    """A box's size and the rows' middles, from its top left corner.

    Attributes:
        width, height: of the box.
        head: middle of the heading.
        rows: column → middle of its row.
    """

    width: float
    height: float
    head: float
    rows: dict[str, float]

    def dock(self, columns: tuple[str, ...]) -> float:
        """Return the height at which an edge of these columns docks.

        That is its first column's row where it is shown, else the heading.
        """
        return self.rows.get(columns[0], self.head) if columns else self.head


def measure(box: Box, width_of: TextWidth = text_width) -> Measure:
    """Return the size of a box.

    Args:
        box: what it holds.
        width_of: ``(text, size, bold=False)`` → width in points.
    """
    title = box.title if box.kind in PLAIN else f"{box.title} «{box.kind}»"
    inner = width_of(title, spacing.TITLE_SIZE, bold=True)
    rows: dict[str, float] = {}
    y = spacing.HEAD_HEIGHT + spacing.ROW_HEIGHT / 2
    size, fixed = spacing.ROW_SIZE, spacing.MARKS + spacing.BETWEEN
    for row in box.rows:
        kind = row.type + " null" if row.null else row.type
        wanted = fixed + width_of(row.name, size) + width_of(kind, size)
        if wanted > inner:
            inner = wanted
        rows[row.name] = y
        y += spacing.ROW_HEIGHT
    if box.hidden:
        inner = max(inner, width_of(f"+ {box.hidden} columns", size))
        y += spacing.ROW_HEIGHT
    return Measure(
        width=float(max(spacing.LEAST_WIDTH, round(inner + 2 * spacing.SIDE))),
        height=y - spacing.ROW_HEIGHT / 2,
        head=spacing.HEAD_HEIGHT / 2,
        rows=rows,
    )
