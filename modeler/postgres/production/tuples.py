"""How many rows a live table has, reckoned from its file as the planner does.

Source: ``estimate_rel_size`` in the server's plancat.c and ``table_block_relation_estimate_size``
in tableam.c: the rows a page that ANALYZE found, or that rows of the usual width leave room for,
times the pages that the file has now.
"""

from __future__ import annotations

from .export import LOCKED_REASON
from .figures import Figures, TableFigures

PAGE_HEADER = 24
# Of each row: its header, aligned, and the page's pointer to it.
ROW_OVERHEAD = 24 + 4


def tuples_of(figures: Figures, table: TableFigures) -> float | None:
    """Return a table's rows now; None where nothing is known of them.

    Of a table that nobody ever analysed it is the greater of the server's running count and of
    what fits into its file. The parent of partitions has no file, so that only ANALYZE knows; a
    table that was locked when it was asked has no length.
    """
    if table.tuples is not None:
        if table.pages and table.kind != "p":
            return table.tuples * table.heap_bytes / (table.pages * figures.block_size)
        return table.tuples
    if table.kind == "p" or table.row_width is None or is_locked(figures, table):
        return None
    running = table.traffic.live_rows if table.traffic else 0
    pages = table.heap_bytes / figures.block_size
    return max(pages * rows_a_page(table.row_width, figures.block_size), float(running))


def rows_a_page(width: int, block_size: int = 8192) -> float:
    """Return how many rows of that many bytes a page holds.

    >>> rows_a_page(8 + 32)
    120.0
    """
    return float((block_size - PAGE_HEADER) // (width + ROW_OVERHEAD))


def is_locked(figures: Figures, table: TableFigures) -> bool:
    """Tell whether its length could not be asked."""
    return (f"{table.schema}.{table.name}", LOCKED_REASON) in figures.unread
