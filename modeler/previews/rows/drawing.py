"""The SQL of each column over the number of the row.

Two thirds as many values as rows are drawn for a column that need not be unique, so that some
occur twice and a later unique constraint meets them; every sixth row has NULL where it may.
"""

from __future__ import annotations

from modeler.errors import FormatError
from modeler.previews.rows.candidates import ORDERED
from modeler.previews.rows.counters import Counters, N
from modeler.previews.rows.facts import Reference, RowColumn
from modeler.previews.rows.generators import base_type
from modeler.previews.rows.wish import Target
from modeler.schema.sql_text import quoted_name

# One row in so many has NULL where it may.
NULL_EVERY = 6


class Drawing(Counters):
    """Draws values and references by the counters of a table."""

    def _salt(self) -> int:
        return self.random.randrange(1, 2**31)

    def _drawn(self, count: int) -> str:
        """A counter below ``count`` by chance, the same for the same row and seed."""
        return f"((hashint8extended({N}, {self._salt()}) & 2147483647) % {max(count, 1)})"

    def _join(self, position: int, reference: Reference, target: Target, unit: str) -> None:
        alias = f"r{position}"
        names = list(zip(reference.columns, reference.target_columns, strict=True))
        keys = ", ".join(quoted_name(there) for _, there in names)
        shared = [pair for pair in names if pair[0] in self.base]
        counter = self.counters.get(unit)
        if counter is None:
            chosen = self._drawn(target.rows)
        elif unit in self.alone:
            # Beyond the last one there is none: each is referred to once.
            chosen = f"({counter})"
        else:
            chosen = f"(({counter}) % {target.rows})"
        null = ""
        if not all(self._needed(here) for here, _ in names) and not shared:
            null = self._null_when()
        condition = f"CASE WHEN {null} THEN NULL ELSE {chosen} END" if null else chosen
        required = all(self._needed(here) for here, _ in names)
        kind = "JOIN" if required else "LEFT JOIN"
        order = keys if target.rows <= ORDERED else ""
        over = f"(ORDER BY {order})" if order else "()"
        if shared:
            # It must agree with what another reference chose already.
            where = " AND ".join(
                f"t.{quoted_name(there)} = {self.base[here]}" for here, there in shared
            )
            fields = ", ".join(f"t.{quoted_name(there)}" for _, there in names)
            self.joins.append(
                f"{kind} LATERAL (SELECT {fields} FROM {target.sql} t WHERE {where} "
                f"ORDER BY {fields} OFFSET (SELECT ({chosen}) % greatest(count(*), 1) FROM "
                f"{target.sql} t WHERE {where}) LIMIT 1) {alias} ON true"
            )
        else:
            self.joins.append(
                f"{kind} (SELECT row_number() OVER {over} - 1 AS k, {keys} FROM {target.sql}) "
                f"{alias} ON {alias}.k = {condition}"
            )
        for here, there in names:
            self.base.setdefault(here, f"{alias}.{quoted_name(there)}")

    def _null_when(self) -> str:
        match self.wish.nulls:
            case "some" if self.wish.plain:
                return ""
            case "none":
                return ""
            case "all":
                return "true"
            case "half":
                return f"{self._drawn(2)} = 0"
        return f"({N} + {self._salt() % NULL_EVERY}) % {NULL_EVERY} = 0"

    def _value(self, column: RowColumn) -> str:
        restriction = self._restriction(column.name)
        _, full, _ = base_type(column.type, column.full_type, column.modifier)
        full = full if column.type.kind == "d" else column.full_type
        if restriction.null is True:
            return f"NULL::{full}"
        counter = self.counters.get(column.name)
        rows = self.wish.rows
        try:
            values = self._values(column, rows)
        except FormatError:
            if column.default or (not column.not_null and restriction.null is None):
                return f"({column.default or 'NULL'})::{full}"
            raise
        if counter is None and self.wish.plain and (values.count or rows) >= rows:
            counter = f"({N})"
        elif counter is None:
            drawn = max(2, -(-rows * 2 // 3))
            if values.count is not None:
                drawn = min(drawn, values.count)
            counter = self._drawn(drawn)
        else:
            counter = f"({counter})"
        sql = f"({values.at(counter)})::{full}"
        pool = self.wish.pools.get(column.name, ())
        told = restriction.among is not None or restriction.equals is not None
        if pool and not told and self.counters.get(column.name) is None:
            arms = " ".join(f"WHEN {i} THEN ({v})::{full}" for i, v in enumerate(pool))
            sql = f"CASE {self._drawn(len(pool) * 2)} {arms} ELSE {sql} END"
        may = self.counters.get(column.name) is None or self._may_be_null(column.name)
        if (
            not column.not_null
            and restriction.null is None
            and may
            and (null := self._null_when())
        ):
            return f"CASE WHEN {null} THEN NULL ELSE {sql} END"
        return sql

    def _may_be_null(self, name: str) -> bool:
        """NULLs of a column that keeps keys apart would let them clash, if it is not alone."""
        return all(
            key.nulls_distinct and not key.disjoint
            for key in self.table.keys
            if name in key.columns or name in key.inner
        )
