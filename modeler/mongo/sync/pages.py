"""The keys of a root table in pages, and where to cut it for several workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DataError

from modeler.mongo.documents.sql import (
    TEXTUAL,
    Key,
    as_bytes,
    as_text,
    base_type,
    cast_type,
    comparable,
    quoted,
    rows_of,
)
from modeler.mongo.held_keys import key_is_held
from modeler.mongo.sync.ids import MOMENTS
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
        compared = ", ".join(
            comparable(f"t.{quoted(name)}", kind)
            for name, kind in zip(root.primary_key, kinds, strict=True)
        )
        values = ", ".join(f"%s::text::{cast_type(kind)}" for kind in kinds)
        place = rows_of(root)
        self.width = len(kinds)
        self.page_sql = (
            f"SELECT {', '.join(shown)} FROM {place} t "
            f"WHERE (%s::text IS NULL OR ({compared}) > ({values})) "
            f"AND (%s::text IS NULL OR ({compared}) <= ({values})) ORDER BY {columns} LIMIT %s"
        )
        self.kinds = tuple(kinds)
        arrays = ", ".join("%s::text[]" for _ in kinds)
        asked = ", ".join(f"k{number}" for number in range(self.width))
        equal = " AND ".join(
            _equal(f"t.{quoted(name)}", f"asked.k{number}", kind)
            for number, (name, kind) in enumerate(zip(root.primary_key, kinds, strict=True))
        )
        self.existing_sql = (
            f"SELECT n FROM unnest({arrays}) WITH ORDINALITY AS asked({asked}, n) "
            f"WHERE EXISTS (SELECT FROM {place} t WHERE {equal})"
        )
        named = ", ".join(f"{text} AS k{number}" for number, text in enumerate(shown))
        names = ", ".join(f"k{number}" for number in range(self.width))
        self.cuts_sql = (
            f"SELECT {names} FROM (SELECT {named}, row_number() OVER (ORDER BY {columns}) AS n "
            f"FROM {place} t) numbered WHERE n %% %s = 0 ORDER BY n"
        )
        self.count_sql = f"SELECT count(*) FROM {place}"
        there = " AND ".join(f"t.{quoted(name)} IS NOT NULL" for name in root.primary_key)
        self.sharing_sql = "" if key_is_held(root) else (
            f"SELECT count(*) - count(DISTINCT ({columns})) FILTER (WHERE {there}) FROM {place} t"
        )  # fmt: skip

    def count(self, cursor: Any) -> int:
        """Return how many rows there are."""
        cursor.execute(self.count_sql)
        return int(cursor.fetchone()[0])

    def sharing(self, cursor: Any) -> int:
        """Return how many rows have no document of their own.

        They share their key with another row, or have none. Not asked where the database holds
        the key.
        """
        if not self.sharing_sql:
            return 0
        cursor.execute(self.sharing_sql)
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

    def existing(self, cursor: Any, keys: Sequence[Key]) -> tuple[set[Key], set[Key]]:
        """Tell which keys have a row, and which no row can have.

        Args:
            cursor: in autocommit: a text that is no value of its type is an error there.
            keys: as ``key_of_id`` gives them; of moments only the milliseconds count.
        """
        if not keys:
            return set(), set()
        try:
            cursor.execute(self.existing_sql, [list(part) for part in zip(*keys, strict=True)])
        except DataError:
            if len(keys) == 1:
                return set(), set(keys)
            middle = len(keys) // 2
            first, none = self.existing(cursor, keys[:middle])
            second, neither = self.existing(cursor, keys[middle:])
            return first | second, none | neither
        return {keys[number - 1] for (number,) in cursor.fetchall()}, set()


def _equal(column: str, text: str, kind: str) -> str:
    """Compare a column with what a document could keep of it."""
    value = f"{text}::{cast_type(kind)}"
    if base_type(kind) in TEXTUAL:
        # Of several spellings that PostgreSQL holds to be equal, a row has one.
        return f"({column} = {value} AND {as_bytes(column)} = {as_bytes(value)})"
    if base_type(kind) in MOMENTS:
        return f"{column} >= {value} AND {column} < {value} + interval '1 millisecond'"
    return f"{comparable(column, kind)} = {value}"
