"""Asking a server in bounded time: a query that fails is named and costs no other its answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError

from modeler.postgres.catalogs import Row, rows
from modeler.schema.table import Table

SECONDS_A_QUERY = 5.0
OVER = "the time for measuring was over"


@dataclass(slots=True)
class Probe:
    """Asks within one read-only transaction.

    Attributes:
        alias: of the database.
        cursor: in that transaction.
        until: on the monotonic clock; nothing is asked after it.
    """

    alias: str
    cursor: Any
    until: float

    def ask(self, sql: str, notes: list[str], parameters: Any = None) -> Row | None:
        """Return the only row of a query, None where it failed."""
        found = self.all(sql, notes, parameters)
        return found[0] if found else None

    def all(self, sql: str, notes: list[str], parameters: Any = None) -> list[Row]:
        left = self.until - time.monotonic()
        if left <= 0:
            if OVER not in notes:
                notes.append(OVER)
            return []
        limit = max(1, int(min(left, SECONDS_A_QUERY) * 1000))
        self.cursor.execute("SAVEPOINT modeler_measuring")
        try:
            self.cursor.execute(f"SET LOCAL statement_timeout = {limit}")
            found = rows(self.cursor, sql, parameters)
        except DatabaseError as error:
            self.cursor.execute("ROLLBACK TO SAVEPOINT modeler_measuring")
            notes.append(" ".join(str(error).split("\n")[0].split()))
            return []
        self.cursor.execute("RELEASE SAVEPOINT modeler_measuring")
        return found

    def name(self, table: Table) -> str:
        location = table.location
        assert location is not None
        name = self.quote(location.table)
        return f"{self.quote(location.schema)}.{name}" if location.schema else name

    @staticmethod
    def quote(name: str) -> str:
        # Django's own quoting takes names apart that hold a quote themselves.
        doubled = name.replace('"', '""')
        return f'"{doubled}"'
