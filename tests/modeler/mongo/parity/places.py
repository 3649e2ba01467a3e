"""Where rows of a document come from: the root, and every part whose rows lie there alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from modeler.mongo.documents.sql import Key, as_text, quoted, rows_of
from modeler.mongo.parts.spec import REFERS_HERE, PartSpec
from modeler.mongo.spec import CollectionSpec
from modeler.schema.schema import Schema
from modeler.schema.table import Table

Joins = tuple[tuple[Table, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class MutatedRow:
    """A row, and the document that it lies in.

    Attributes:
        root: key of the document's root.
        values: of all columns, as text, by name.
    """

    root: Key
    values: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A table whose rows lie in a collection's documents.

    Attributes:
        spec: the collection.
        table: whose rows are changed.
        path: of the rows in the document, ``""`` for the root.
        joins: ``(table, pairs of (its column, column of the one before))`` up to the root.
        columns: those that are changed: all that the document holds, without keys that say where
            the row lies.
    """

    spec: CollectionSpec
    table: Table
    path: str
    joins: Joins
    columns: tuple[str, ...]

    def rows(self, cursor: Any, count: int) -> list[MutatedRow]:
        """Return some rows, in an order that is drawn by the server's ``setseed``."""
        root = self.joins[-1][0] if self.joins else self.table
        alias = f"t{len(self.joins)}"
        keys = [as_text(name, root.column(name).database_type, alias) for name in root.primary_key]
        own = [f"t0.{quoted(column.name)}::text" for column in self.table.columns]
        joined = "".join(
            f" JOIN {rows_of(table)} t{n} ON "
            + " AND ".join(f"t{n}.{quoted(a)} = t{n - 1}.{quoted(b)}" for a, b in pairs)
            for n, (table, pairs) in enumerate(self.joins, 1)
        )
        source = f"FROM {rows_of(self.table)} t0{joined}"
        shown = ", ".join([*keys, *own])
        # Half of them beside each other in one document, where rules among rows matter.
        beside = [f"t0.{quoted(near)}::text" for _, near in self.joins[0][1]] if self.joins else []
        alone = [f"count(*) OVER (PARTITION BY {', '.join(beside)}) = 1"] if beside else []
        order = ", ".join([*alone, *(f"md5({column})" for column in beside), "random()"])
        cursor.execute(
            f"(SELECT {shown} {source} ORDER BY random() LIMIT {count - count // 2}) UNION "
            f"(SELECT {shown} {source} ORDER BY {order} LIMIT {count // 2})".replace("%%", "%")
        )
        width, names = len(keys), [column.name for column in self.table.columns]
        return [
            MutatedRow(tuple(row[:width]), dict(zip(names, row[width:], strict=True)))
            for row in sorted(cursor.fetchall(), key=repr)
        ]


def row_places(schema: Schema, spec: CollectionSpec) -> Iterator[RowPlace]:
    """Yield the root and all parts below it that hold rows of their own (not copies)."""
    root = schema.table(spec.table)
    fields = [field.column for field in spec.fields if field.stored]
    yield RowPlace(spec, root, "", (), tuple(_free(root, fields, set(), embedded=False)))
    for part in spec.parts:
        yield from _below(schema, spec, part, ((root, ()),))


def _below(
    schema: Schema,
    spec: CollectionSpec,
    part: PartSpec,
    above: Joins,
) -> Iterator[RowPlace]:
    if part.kind not in REFERS_HERE:
        return
    table = schema.table(part.table)
    own = {near for near, _ in part.link}
    fields = [field.column for field in part.fields if field.stored]
    fields += [far for inner in part.parts for _, far in inner.link]
    first, *rest = above
    # From this row to the one above: that row's column, and this row's.
    joins = ((first[0], tuple((far, near) for near, far in part.link)), *rest)
    columns = tuple(_free(table, fields, own, embedded=True))
    if columns:
        yield RowPlace(spec, table, part.place.path, joins, columns)
    for inner in part.parts:
        yield from _below(schema, spec, inner, ((table, ()), *joins))


def _free(table: Table, names: list[str], own: set[str], *, embedded: bool) -> Iterator[str]:
    for column in table.columns:
        if column.name not in names or column.name in own:
            continue
        # A root's key says which document it is; another key is another document.
        if not embedded and column.name in table.primary_key:
            continue
        if column.generated is None and column.identity != "always":
            yield column.name
