"""How much write-ahead log work makes: what standbys, slots and archives have to take."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.postgres.preflight.obstacle import size as in_words
from modeler.previews.effects.effect import WorkKind

from .interval import Interval
from .size import Size

# Every page's first change after a checkpoint is logged whole, so that a page that changes in
# every checkpoint's time is logged again; compression makes it less (manual, 28.5).
TUPLE_OVERHEAD = 60.0
INDEX_ENTRY = 70.0
PAGE = 8192.0


@dataclass(frozen=True, slots=True)
class WalEstimate:
    """Bytes of write-ahead log.

    Attributes:
        bytes: the interval.
        formula: how it was worked out, in words.
    """

    bytes: Interval
    formula: str


def estimate_wal(
    kind: WorkKind, live: Size, *, share: float = 1.0, index_bytes: float | None = None
) -> WalEstimate:
    """Return how many bytes of log a piece of work writes, with wal_level replica or logical.

    Args:
        kind: the work.
        live: the table's size.
        share: of the rows that are written, 0 to 1 (``WorkKind.ROWS``).
        index_bytes: of the index that is built (``WorkKind.INDEX_BUILD``); without it, of the
            table's largest plausible one: as many bytes as its indexes have on average, or a
            third of the heap where it has none.
    """
    files = live.heap_bytes + live.toast_bytes + live.index_bytes
    match kind:
        case WorkKind.REWRITE:
            found = Interval(0.6 * files, 1.3 * files)
            words = f"heap, TOAST and indexes are written anew and logged ({in_words(files)})"
        case WorkKind.COPY:
            found = Interval(0.9 * files, 1.1 * files)
            words = f"all files are copied and logged ({in_words(files)})"
        case WorkKind.INDEX_BUILD:
            if index_bytes is None:
                mean = live.index_bytes / live.indexes if live.indexes else live.heap_bytes / 3
                found = Interval(0.3 * mean, 2 * mean)
                words = f"the new index is logged (like the others: about {in_words(mean)})"
            else:
                found = Interval(0.8 * index_bytes, 1.2 * index_bytes)
                words = f"the new index is logged ({in_words(index_bytes)})"
        case WorkKind.ROWS:
            rows = share * live.rows
            row = live.heap_bytes / live.rows if live.rows else 0.0
            least = rows * (row * 0.5 + TUPLE_OVERHEAD)
            # Each new version may take an entry in every index and a whole page of each.
            most = rows * (2 * row + TUPLE_OVERHEAD + live.indexes * INDEX_ENTRY) + files * 2
            found = Interval(least, max(least, most))
            words = (
                f"{rows:,.0f} rows of {row:.0f} bytes are logged, with {live.indexes} index "
                "entries each and the pages that change whole"
            )
        case WorkKind.SCAN | WorkKind.VALIDATION | WorkKind.READ:
            # A first reader may set hint bits, which are logged with checksums on.
            found = Interval(0.0, live.heap_bytes)
            words = "reading logs nothing, but for hint bits where checksums are on"
    return WalEstimate(found, f"{words}: {in_words(found.lower)} to {in_words(found.upper)}.")
