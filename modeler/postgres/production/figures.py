"""The figures of a database: sizes, column statistics, traffic; no rows, and values only if asked.

Source: PostgreSQL manual, 53.11 (pg_class), 54.28 (pg_stats), 27.2 (cumulative statistics).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ValueFigures:
    """Values of a column, which are real data: exported on request alone.

    Attributes:
        most_common, most_common_frequencies: the array as the server writes it, and its shares.
        histogram: bounds of ranges with equally many rows.
        elements, element_frequencies, element_counts: the same for members of arrays.
    """

    most_common: str | None = None
    most_common_frequencies: tuple[float, ...] = ()
    histogram: str | None = None
    elements: str | None = None
    element_frequencies: tuple[float, ...] = ()
    element_counts: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnFigures:
    """What ANALYZE knows of a column, or of an index's expression.

    Attributes:
        name: the column.
        position: its ``attnum``; an index's expression is found by it.
        null_fraction: 0 to 1.
        width: average bytes of a value.
        distinct: as PostgreSQL stores it: a number, or a negative share of the rows.
        correlation: of the stored order with the order of values, -1 to 1; None where it has none.
        values: None unless they were asked for.
    """

    name: str
    position: int
    null_fraction: float
    width: int
    distinct: float
    correlation: float | None = None
    values: ValueFigures | None = None


@dataclass(frozen=True, slots=True)
class IndexFigures:
    """One index.

    Attributes:
        pages, tuples: as VACUUM or ANALYZE counted them last; tuples None where nobody did.
        bytes: of its file now, or pages times the block size where it was locked.
        scans: since the counters began.
        columns: statistics of its expressions.
    """

    name: str
    pages: int
    tuples: float | None
    bytes: int
    method: str = "btree"
    scans: int = 0
    columns: tuple[ColumnFigures, ...] = ()


@dataclass(frozen=True, slots=True)
class Traffic:
    """Counters of a table, since ``Figures.counting_since``.

    Attributes:
        sequential_scans, index_scans: how often it was read, by a scan of either kind.
        rows_read, rows_fetched: by sequential and by index scans.
        inserted, updated, deleted, updated_in_page: rows (the last: HOT updates).
        live_rows, dead_rows: the server's running estimate.
    """

    sequential_scans: int = 0
    index_scans: int = 0
    rows_read: int = 0
    rows_fetched: int = 0
    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    updated_in_page: int = 0
    live_rows: int = 0
    dead_rows: int = 0

    @property
    def reads(self) -> int:
        """Scans, each of which waits for an access exclusive lock."""
        return self.sequential_scans + self.index_scans

    @property
    def writes(self) -> int:
        """Rows written: an upper bound for the statements that wrote them."""
        return self.inserted + self.updated + self.deleted


@dataclass(frozen=True, slots=True)
class TableFigures:
    """One table, materialized view or partitioned table.

    Attributes:
        kind: ``r``, ``m`` or ``p``, as in ``pg_class.relkind``.
        pages, tuples, visible_pages: as VACUUM or ANALYZE counted them last; tuples None where
            nobody did.
        heap_bytes, toast_bytes: of the files now; toast without its index.
        analysed_at: when ANALYZE ran last, None where the server does not say.
        row_width: bytes of a row's values as the planner takes them from the columns' types where
            nobody analysed; None where it was not asked.
    """

    schema: str
    name: str
    kind: str
    pages: int
    tuples: float | None
    visible_pages: int
    heap_bytes: int
    toast_bytes: int = 0
    analysed_at: datetime | None = None
    traffic: Traffic | None = None
    columns: tuple[ColumnFigures, ...] = ()
    indexes: tuple[IndexFigures, ...] = ()
    row_width: int | None = None

    @property
    def index_bytes(self) -> int:
        return sum(index.bytes for index in self.indexes)

    @property
    def bytes(self) -> int:
        """Heap, TOAST and indexes."""
        return self.heap_bytes + self.toast_bytes + self.index_bytes


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one database.

    Attributes:
        read_at: when, aware.
        server_version: such as ``"16.4"``.
        server_version_num: such as ``160004``.
        block_size: bytes of a page.
        current_schema: what unqualified names reach first, ``""`` if none.
        standby: the server follows another one, and the counters are its own.
        counting_since: when the traffic counters began, None where the server does not say.
        settings: those that plans depend on, name and value.
        unread: ``(subject, reason)`` of what the role could not read, or what was locked.
    """

    read_at: datetime
    server_version: str
    server_version_num: int
    block_size: int
    current_schema: str
    standby: bool = False
    counting_since: datetime | None = None
    settings: tuple[tuple[str, str], ...] = ()
    tables: tuple[TableFigures, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()

    def of(self, schema: str, name: str) -> TableFigures | None:
        """Return a table's figures; ``""`` stands for the current schema."""
        wanted = schema or self.current_schema
        for table in self.tables:
            if (table.schema, table.name) == (wanted, name):
                return table
        return None
