"""The rows that a rehearsal keeps in the shadow's tables."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.previews.rows.fill import fill
from modeler.previews.rows.filling import TableFilling
from modeler.previews.trace import driver

EXISTING = "SELECT name FROM unnest(%s::text[]) name WHERE to_regclass(name) IS NOT NULL"


class Stock:
    """Generated rows, of the sort that a project may have.

    Args:
        connection: of the shadow.
        rows: for each table, 0 for none.

    Attributes:
        filled: what each table received at last, by name.
    """

    def __init__(self, connection: BaseDatabaseWrapper, rows: int) -> None:
        self.connection = connection
        self.rows = rows
        self.filled: dict[str, TableFilling] = {}

    def fill(self, *, plain: bool = False) -> None:
        """Give rows to every empty table.

        Args:
            plain: distinct values without NULLs where the schema allows them, so that most
                constraints and casts hold.
        """
        if self.rows:
            for table in fill(self.connection, rows=self.rows, plain=plain).tables:
                self.filled[table.table] = table

    def empty(self) -> None:
        """Take the rows out again; what the migrations themselves put there goes with them.

        Triggers that refuse it are passed by: the database is thrown away afterwards.
        """
        names = [name for name, table in self.filled.items() if table.rows]
        rows = self._rows(EXISTING, [names])
        if rows:
            tables = ", ".join(name for (name,) in rows)
            self._rows(
                "SET session_replication_role = replica; "
                f"TRUNCATE {tables} CASCADE; RESET session_replication_role"
            )

    @property
    def share(self) -> float | None:
        """Share of the tables that received rows, None where none was asked for."""
        if not self.filled:
            return None
        return sum(1 for table in self.filled.values() if table.rows) / len(self.filled)

    @property
    def unfilled(self) -> tuple[str, ...]:
        """Tables that received none, with the reason."""
        return tuple(
            f"{name}: {table.reason}"
            for name, table in sorted(self.filled.items())
            if not table.rows
        )

    def _rows(self, sql: str, params: list | None = None) -> list[tuple]:
        self.connection.ensure_connection()
        return driver.rows(self.connection.connection, sql, params)
