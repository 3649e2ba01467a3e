"""What filling tables with rows came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableFilling:
    """What one table received.

    Attributes:
        table: its name, qualified where it is not in the search path's current schema.
        rows: how many it received.
        reason: why it received none, or fewer than asked, in words, with the server's message;
            empty where it received all.
    """

    table: str
    rows: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Filling:
    """What filling the empty tables of a database came to.

    Attributes:
        asked: rows wanted for each table.
        seed: what the values were drawn by; equal seeds on equal schemas give equal rows.
        tables: every table that was empty, by name.
    """

    asked: int
    seed: int
    tables: tuple[TableFilling, ...] = ()

    @property
    def share(self) -> float:
        """The share of the empty tables that received rows, 0 to 1; 1 where none was empty."""
        if not self.tables:
            return 1.0
        return sum(1 for table in self.tables if table.rows) / len(self.tables)

    @property
    def unfilled(self) -> tuple[TableFilling, ...]:
        """The tables that received no row."""
        return tuple(table for table in self.tables if not table.rows)

    def rows_of(self, table: str) -> int:
        """How many rows a table received, 0 for one that was not empty or is not there."""
        return next((found.rows for found in self.tables if found.table == table), 0)
