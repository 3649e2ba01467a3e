"""How the time of each kind of work grows with the size of its table.

Sources: sorting n entries takes n log n comparisons (PostgreSQL manual, 66.4.4: indexes are built
by sorting); the rest is read or written once, so its time grows with bytes or rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from modeler.previews.effects.effect import WorkKind

from .size import Size

# Depth of a sort of 100,000 rows: there an index's byte counts as one byte of the heap.
USUAL_DEPTH = math.log2(100_000)


@dataclass(frozen=True, slots=True)
class Growth:
    """A law of growth.

    Attributes:
        words: what the time grows with, for the formula that is shown.
        of: that quantity for a size.
        below, above: the interval around what it says. Measured at ten times the size
            (benchmarks/estimates.py): parallel workers and warm caches make it less, caches that
            no longer suffice and sorts and joins that go to disk make it more.
    """

    words: str
    of: Callable[[Size], float]
    below: float
    above: float


def depth(rows: float) -> float:
    """Return log2 of a number of rows, at least 1."""
    return math.log2(max(rows, 2))


def _rewrite(size: Size) -> float:
    return size.heap_bytes + size.toast_bytes + size.index_bytes * depth(size.rows) / USUAL_DEPTH


def _sorted(size: Size) -> float:
    return size.rows * depth(size.rows)


def _rows_written(size: Size) -> float:
    return size.rows * (1 + size.indexes * depth(size.rows) / USUAL_DEPTH)


GROWTH: dict[WorkKind, Growth] = {
    WorkKind.REWRITE: Growth(
        "bytes of heap and TOAST, and bytes of indexes × log rows", _rewrite, 0.62, 1.8
    ),
    WorkKind.COPY: Growth("bytes of all files", lambda size: size.bytes, 0.62, 1.8),
    WorkKind.SCAN: Growth("bytes of the heap", lambda size: size.heap_bytes, 0.53, 1.58),
    WorkKind.INDEX_BUILD: Growth("rows × log rows", _sorted, 0.57, 1.65),
    WorkKind.VALIDATION: Growth("rows of both tables × log rows", _sorted, 0.65, 1.94),
    WorkKind.ROWS: Growth("rows × (1 + indexes × log rows)", _rows_written, 0.65, 1.9),
    WorkKind.READ: Growth("bytes of the heap", lambda size: size.heap_bytes, 0.7, 2.09),
}
