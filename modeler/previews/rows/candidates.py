"""The SELECT that makes candidates for the rows of a table, and its INSERT."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.previews.rows.facts import EmptyTable, RowColumn

# Up to so many rows are written in the order of their numbers.
ORDERED = 10_000
# Stands for the series of numbers in the SQL of candidates.
SERIES = "\1"


@dataclass(frozen=True, slots=True)
class Candidates:
    """SQL of candidates.

    Attributes:
        columns: those that are given values, in order.
        layers: the SELECT without its filter; ``%(series)s`` stands for the numbers of the rows.
        where: conditions on the candidates.
        conflicts: keys may clash, which must be passed over.
        overriding: an identity that is ``always`` is given values.
    """

    columns: tuple[RowColumn, ...]
    layers: str
    where: tuple[str, ...]
    conflicts: bool = False
    overriding: bool = False

    def select(self, first: int, count: int, limit: int) -> str:
        """Return the SELECT of up to ``limit`` of ``count`` candidates from number ``first``."""
        series = f"generate_series({first}::bigint, {first + count - 1}::bigint)"
        outer = ", ".join(
            f"s.{column.quoted}::{column.full_type}"
            if column.type.kind == "d" else f"s.{column.quoted}"
            for column in self.columns
        )  # fmt: skip
        where = f" WHERE {' AND '.join(self.where)}" if self.where else ""
        order = " ORDER BY s.modeler_n" if count <= ORDERED else ""
        limited = f" LIMIT {limit}" if limit < count or self.where else ""
        body = self.layers.replace(SERIES, series)
        return f"SELECT {outer or '1'} FROM ({body}) s{where}{order}{limited}"

    def insert(self, table: EmptyTable, first: int, count: int, limit: int) -> str:
        """Return the INSERT of these candidates."""
        if not self.columns:
            names, select = "", f"SELECT FROM generate_series(1, {min(count, limit)})"
        else:
            names = f" ({', '.join(column.quoted for column in self.columns)})"
            select = self.select(first, count, limit)
        overriding = " OVERRIDING SYSTEM VALUE" if self.overriding else ""
        conflicts = " ON CONFLICT DO NOTHING" if self.conflicts else ""
        return f"INSERT INTO {table.sql}{names}{overriding} {select}{conflicts}"
