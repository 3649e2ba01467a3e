"""The keys of a root table in pages, and where to cut it for several workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modeler.mongo.documents.sql import Key, as_text, base_type, matching, qualified, quoted
from modeler.schema.table import Table


class KeyPages:
    """Reads keys in their order.

    Args:
        root: of a collection; it has a primary key.
    """

    def __init__(self, root: Table) -> None:
        kinds = [root.column(name).database_type for name in root.primary_key]
        shown = [as_text(name, kind) for name, kind in zip(root.primary_key, kinds, strict=True)]
        columns = ", ".join(f"t.{quoted(name)}" for name in root.primary_key)
        values = ", ".join(f"%s::text::{base_type(kind)}" for kind in kinds)
        place = qualified(root.location)
        self.width = len(kinds)
        self.page_sql = (
            f"SELECT {', '.join(shown)} FROM {place} t "
            f"WHERE (%s::text IS NULL OR ({columns}) > ({values})) "
            f"AND (%s::text IS NULL OR ({columns}) <= ({values})) ORDER BY {columns} LIMIT %s"
        )
        condition = matching(root.primary_key, kinds)
        self.existing_sql = f"SELECT {', '.join(shown)} FROM {place} t WHERE {condition}"
        named = ", ".join(f"{text} AS k{number}" for number, text in enumerate(shown))
        names = ", ".join(f"k{number}" for number in range(self.width))
        self.cuts_sql = (
            f"SELECT {names} FROM (SELECT {named}, row_number() OVER (ORDER BY {columns}) AS n "
            f"FROM {place} t) numbered WHERE n %% %s = 0 ORDER BY n"
        )
        self.count_sql = f"SELECT count(*) FROM {place}"

    def count(self, cursor: Any) -> int:
        """Return how many rows there are."""
        cursor.execute(self.count_sql)
        return int(cursor.fetchone()[0])

    def cuts(self, cursor: Any, rows: int) -> list[Key]:
        """Return the key at the end of every so many rows."""
        cursor.execute(self.cuts_sql, [rows])
        return [tuple(row) for row in cursor.fetchall()]

    def page(self, cursor: Any, after: Key | None, last: Key | None, rows: int) -> list[Key]:
        """Return keys greater than ``after`` and not greater than ``last``, at most so many."""
        nothing = (None,) * self.width
        low, high = after or nothing, last or nothing
        cursor.execute(self.page_sql, [low[0], *low, high[0], *high, rows])
        return [tuple(row) for row in cursor.fetchall()]

    def existing(self, cursor: Any, keys: Sequence[Key]) -> set[Key]:
        """Return those of the keys that have a row."""
        cursor.execute(self.existing_sql, [list(part) for part in zip(*keys, strict=True)])
        return {tuple(row) for row in cursor.fetchall()}
