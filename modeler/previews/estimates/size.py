"""How large a table is: what an estimate grows with."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.postgres.production.figures import Figures, TableFigures
from modeler.postgres.production.tuples import tuples_of


@dataclass(frozen=True, slots=True)
class Size:
    """Sizes of one table.

    Attributes:
        rows: live rows.
        heap_bytes, toast_bytes, index_bytes: of the files.
        indexes: how many.
    """

    rows: float
    heap_bytes: float
    toast_bytes: float = 0.0
    index_bytes: float = 0.0
    indexes: int = 0

    @property
    def bytes(self) -> float:
        """Heap, TOAST and indexes."""
        return self.heap_bytes + self.toast_bytes + self.index_bytes

    def __add__(self, other: Size) -> Size:
        """Add another table, such as the one that a foreign key refers to."""
        return Size(
            self.rows + other.rows,
            self.heap_bytes + other.heap_bytes,
            self.toast_bytes + other.toast_bytes,
            self.index_bytes + other.index_bytes,
            self.indexes + other.indexes,
        )


def size_of(figures: Figures, table: TableFigures) -> Size | None:
    """Return a live table's size; None where nothing is known of its rows.

    Between two runs of ANALYZE the running counter of live rows is nearer to the truth, but it
    is lost with the statistics; the count of ANALYZE is scaled by the file's length instead, as
    the planner does.
    """
    rows = tuples_of(figures, table)
    if rows is None:
        return None
    return Size(
        rows=rows,
        heap_bytes=table.heap_bytes,
        toast_bytes=table.toast_bytes,
        index_bytes=table.index_bytes,
        indexes=len(table.indexes),
    )
