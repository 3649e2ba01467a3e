"""Numbers about stored rows: optional, dated, read from the server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from modeler.schema.location import Location


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """What ANALYZE knows of a column.

    Attributes:
        name: the column.
        null_fraction: 0 to 1.
        width: average bytes of a value.
        distinct: estimated number of distinct values (PostgreSQL's negative share resolved
            against the row estimate).
    """

    name: str
    null_fraction: float
    width: int
    distinct: float


@dataclass(frozen=True, slots=True)
class FanOut:
    """How many rows of a referencing table one referenced row has.

    Attributes:
        relation: key of the relation.
        mean, p50, p99, maximum: rows; None where only the mean is known.
    """

    relation: str
    mean: float
    p50: float | None = None
    p99: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class TableStatistics:
    """Statistics of one table.

    Attributes:
        location: the table.
        rows: estimated rows; None where never analysed.
        pages: 8 kB pages of the heap.
        bytes: heap, indexes and TOAST together.
        columns: by column name.
        fan_out: of the relations that this table declares.
    """

    location: Location
    rows: float | None
    pages: int
    bytes: int
    columns: tuple[ColumnStatistics, ...] = ()
    fan_out: tuple[FanOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Statistics:
    """Statistics of a database, with the time they were read (aware)."""

    read_at: datetime
    tables: tuple[TableStatistics, ...] = ()

    def of(self, location: Location | None) -> TableStatistics | None:
        """Return what is known of a table."""
        for table in self.tables:
            if table.location == location:
                return table
        return None
