"""Figures of documents: counts and sums of the rows that refer to a row, one query a relation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from modeler.mongo.aggregate import Measure
from modeler.mongo.computed import ComputedSpec
from modeler.mongo.documents.codec import Codec, codec
from modeler.mongo.documents.rows import Document, Link, RowQuery, is_null
from modeler.mongo.documents.sql import (
    as_text,
    asked,
    base_type,
    is_loose,
    matching,
    quoted,
    rows_of,
)
from modeler.schema.column import Column
from modeler.schema.schema import Schema
from modeler.schema.table import Table

# What sum() of a type gives (PostgreSQL manual, 9.21).
SUM_TYPES = {"smallint": "bigint", "integer": "bigint", "bigint": "numeric", "real": "real"}


def figures_of(
    schema: Schema, root: Table, holder: RowQuery, computed: Iterable[ComputedSpec]
) -> tuple[Figures, ...]:
    """Return the queries of a document's figures; those of the same rows share one."""
    groups: defaultdict[str, list[ComputedSpec]] = defaultdict(list)
    for one in computed:
        groups[one.computed.relation].append(one)
    return tuple(Figures(schema, root, holder, group) for group in groups.values())


class Figures:
    """The query of figures that count the same rows.

    Args:
        schema: the whole.
        root: whose documents have the figures.
        holder: the query of its rows.
        group: figures of one relation.
    """

    def __init__(
        self, schema: Schema, root: Table, holder: RowQuery, group: Sequence[ComputedSpec]
    ) -> None:
        self.group = group
        link = group[0].link
        self.leading = holder.leading([far for _, far in link])
        self.width = len(link)
        table = schema.table(group[0].table)
        types = [root.column(above).database_type for _, above in link]
        near = [name for name, _ in link]
        loose = any(
            is_loose(kind, table.column(name).collation)
            for name, kind in zip(near, types, strict=True)
        )
        keys = [
            f"asked.k{number}" if loose else as_text(name, kind)
            for number, (name, kind) in enumerate(zip(near, types, strict=True))
        ]
        self.codecs = []
        shown = list(keys)
        for one in group:
            measure, name = one.computed.measure, one.computed.column
            inner = "*" if measure is Measure.COUNT else f"t.{quoted(name)}"
            way = _codec(one, table.column(name) if name else Column("", "bigint"))
            shown.append(way.sql.format(c=f"{measure}({inner})"))
            self.codecs.append(way)
        groups = ", ".join(keys if loose else (f"t.{quoted(name)}" for name in near))
        found = asked(near, types) if loose else f"WHERE {matching(near, types)}"
        self.sql = f"SELECT {', '.join(shown)} FROM {rows_of(table)} t {found} GROUP BY {groups}"

    def fill(
        self, cursor: Any, documents: Sequence[Document], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Put the figures into every document, as ``PartReader.fill`` its part."""
        links = list(map(self.leading, rows))
        wanted = {link for link in links if not is_null(link)}
        found: dict[Link, Sequence[Any]] = {}
        if wanted:
            columns = [wanted] if self.width == 1 else zip(*wanted, strict=True)
            cursor.execute(self.sql, [list(column) for column in columns])
            key = itemgetter(*range(self.width))
            found = {key(row): row[self.width :] for row in cursor.fetchall()}
        nothing = [0 if one.computed.measure is Measure.COUNT else None for one in self.group]
        for document, link in zip(documents, links, strict=True):
            values = found.get(link, nothing)
            for one, way, value in zip(self.group, self.codecs, values, strict=True):
                encoded = value if value is None or way.encode is None else way.encode(value)
                document[one.field.name] = encoded


def _codec(one: ComputedSpec, column: Column) -> Codec:
    if one.computed.measure is Measure.SUM:
        base = base_type(column.database_type)
        column = replace(column, database_type=SUM_TYPES.get(base, base))
    return codec(one.field, column)
