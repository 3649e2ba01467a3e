"""How the time of each kind of work grows with the size of its table.

Sources: sorting n entries takes n log n comparisons (PostgreSQL manual, 66.4.4: indexes are built
by sorting); the rest is read or written once, so its time grows with bytes or rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from modeler.previews.effects.effect import WorkKind
from modeler.previews.sql.commands import Command, CreateIndex

from .size import Size

# Depth of a sort of 100,000 rows: there an index's byte counts as one byte of the heap.
USUAL_DEPTH = math.log2(100_000)
# Measured: ten times the rows take 20 to 40 times as long, in joins and in hash indexes alike.
OUTGROWING, UNCACHED = 0.4, 2_000_000.0
LOOK_UPS = "rows, each looked up by a hash that caches hold ever less of: rows^1.4 up to 2 million"


class IndexForm(StrEnum):
    """How an index is built."""

    SORTED = "sorted"
    PARTIAL = "partial"
    BLOCK_RANGE = "brin"
    HASH = "hash"


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


def index_form(commands: Iterable[Command]) -> IndexForm:
    """Return how a statement's index is built."""
    for command in commands:
        if isinstance(command, CreateIndex):
            if command.method in {"brin", "hash"}:
                return IndexForm(command.method)
            if command.where:
                return IndexForm.PARTIAL
    return IndexForm.SORTED


def depth(rows: float) -> float:
    """Return log2 of a number of rows, at least 1."""
    return math.log2(max(rows, 2))


def _rewrite(size: Size) -> float:
    return size.heap_bytes + size.toast_bytes + size.index_bytes * depth(size.rows) / USUAL_DEPTH


def _sorted(size: Size) -> float:
    return size.rows * depth(size.rows)


def _looked_up(size: Size) -> float:
    # Cost a row grows while ever less of the hash fits the processor's caches, and then no more.
    outgrown = min(max(size.rows, 1.0), UNCACHED) / UNCACHED
    return size.rows * outgrown**OUTGROWING


def _rows_written(size: Size) -> float:
    return size.rows * (1 + size.indexes * depth(size.rows) / USUAL_DEPTH)


GROWTH: dict[WorkKind, Growth] = {
    WorkKind.REWRITE: Growth(
        "bytes of heap and TOAST, and bytes of indexes × log rows", _rewrite, 0.62, 1.8
    ),
    WorkKind.COPY: Growth("bytes of all files", lambda size: size.bytes, 0.62, 1.8),
    WorkKind.SCAN: Growth("bytes of the heap", lambda size: size.heap_bytes, 0.62, 1.85),
    WorkKind.INDEX_BUILD: Growth("rows × log rows", _sorted, 0.57, 1.65),
    WorkKind.VALIDATION: Growth(LOOK_UPS, _looked_up, 0.6, 1.75),
    WorkKind.ROWS: Growth("rows × (1 + indexes × log rows)", _rows_written, 0.65, 1.9),
    WorkKind.READ: Growth("bytes of the heap", lambda size: size.heap_bytes, 0.7, 2.09),
}
# Indexes that are not built by sorting all rows: a block range index looks at each page once, a
# partial one at few rows; a hash index puts each entry where its hash says.
_ONCE = Growth("bytes of the heap", lambda size: size.heap_bytes, 0.53, 1.58)
GROWTH_OF_INDEX: dict[IndexForm, Growth] = {
    IndexForm.SORTED: GROWTH[WorkKind.INDEX_BUILD],
    IndexForm.BLOCK_RANGE: _ONCE,
    IndexForm.PARTIAL: _ONCE,
    IndexForm.HASH: Growth(LOOK_UPS, _looked_up, 0.6, 1.75),
}
