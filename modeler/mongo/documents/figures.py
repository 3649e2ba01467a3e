"""Figures of documents: counts and sums of the rows that refer to a row, one query a relation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from modeler.mongo.aggregate import Measure
from modeler.mongo.computed import ComputedSpec
from modeler.mongo.documents.codec import Codec, base_type, codec
from modeler.mongo.documents.held import Held, key_of
from modeler.mongo.documents.rows import Key, as_text, matching, qualified, quoted
from modeler.schema.column import Column
from modeler.schema.schema import Schema
from modeler.schema.table import Table

# What sum() of a type gives (PostgreSQL manual, 9.21).
SUM_TYPES = {"smallint": "bigint", "integer": "bigint", "bigint": "numeric", "real": "real"}


def figures_of(
    schema: Schema, root: Table, computed: Iterable[ComputedSpec]
) -> tuple[Figures, ...]:
    """Return the queries of a document's figures; those of the same rows share one."""
    groups: defaultdict[str, list[ComputedSpec]] = defaultdict(list)
    for one in computed:
        groups[one.computed.relation].append(one)
    return tuple(Figures(schema, root, group) for group in groups.values())


class Figures:
    """The query of figures that count the same rows.

    Args:
        schema: the whole.
        root: whose documents have the figures.
        group: figures of one relation.
    """

    def __init__(self, schema: Schema, root: Table, group: Sequence[ComputedSpec]) -> None:
        self.group = group
        self.link = group[0].link
        table = schema.table(group[0].table)
        types = [root.column(above).database_type for _, above in self.link]
        keys = [as_text(near, kind) for (near, _), kind in zip(self.link, types, strict=True)]
        self.codecs = []
        shown = list(keys)
        for one in group:
            measure, name = one.computed.measure, one.computed.column
            inner = "*" if measure is Measure.COUNT else f"t.{quoted(name)}"
            way = _codec(one, table.column(name) if name else Column("", "bigint"))
            shown.append(way.sql.format(c=f"{measure}({inner})"))
            self.codecs.append(way)
        groups = ", ".join(f"t.{quoted(near)}" for near, _ in self.link)
        self.sql = (
            f"SELECT {', '.join(shown)} FROM {qualified(table.location)} t "
            f"WHERE {matching([near for near, _ in self.link], types)} GROUP BY {groups}"
        )

    def fill(self, cursor: Any, rows: Sequence[Held]) -> None:
        """Put the figures into every document."""
        columns = [above for _, above in self.link]
        keys = list({key for row in rows if (key := key_of(row, columns)) is not None})
        found: dict[Key, Sequence[Any]] = {}
        if keys:
            cursor.execute(self.sql, [list(column) for column in zip(*keys, strict=True)])
            found = {tuple(row[: len(columns)]): row[len(columns) :] for row in cursor.fetchall()}
        nothing = [0 if one.computed.measure is Measure.COUNT else None for one in self.group]
        for row in rows:
            key = key_of(row, columns)
            values = found.get(key, nothing) if key is not None else nothing
            for one, way, value in zip(self.group, self.codecs, values, strict=True):
                encoded = value if value is None or way.encode is None else way.encode(value)
                row.document[one.field.name] = encoded


def _codec(one: ComputedSpec, column: Column) -> Codec:
    if one.computed.measure is Measure.SUM:
        base = base_type(column.database_type)
        column = replace(column, database_type=SUM_TYPES.get(base, base))
    return codec(one.field, column)
