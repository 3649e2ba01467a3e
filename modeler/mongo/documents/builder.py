"""Builds the documents of a collection for given keys, one query a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from modeler.mongo.documents.codec import Codec, codec
from modeler.mongo.documents.figures import figures_of
from modeler.mongo.documents.part_reader import fill_parts, links_of, part_readers
from modeler.mongo.documents.rows import Document, row_query
from modeler.mongo.documents.sql import Key, cast_type
from modeler.mongo.spec import CollectionSpec
from modeler.schema.named_types import with_named_types
from modeler.schema.schema import Schema
from modeler.schema.table import Table


class DocumentBuilder:
    """Builds documents of one collection.

    Args:
        schema: that the specification was made from.
        spec: of the collection.

    Attributes:
        key_columns: the root's primary key.
        key_types: its types, as PostgreSQL names them.
    """

    def __init__(self, schema: Schema, spec: CollectionSpec) -> None:
        schema = with_named_types(schema)
        self.spec = spec
        self.table = schema.table(spec.table)
        self.key_columns = tuple(self.table.primary_key)
        self.key_types = tuple(self.table.column(c).database_type for c in self.key_columns)
        fields = [field for field in (*spec.key, *spec.fields) if field.stored]
        composite = len(spec.key) > 1
        links = [*links_of(spec.parts), *(far for one in spec.computed for _, far in one.link)]
        self.query = row_query(
            self.table,
            tuple(zip(self.key_columns, self.key_types, strict=True)),
            fields,
            links,
        )
        self.key_fields = tuple(f.name.removeprefix("_id.") for f in spec.key) if composite else ()
        self.root_ids = _root_ids(self.table, spec, self.key_types)
        self.readers = part_readers(schema, self.table, self.query, spec.parts)
        self.figures = figures_of(schema, self.table, self.query, spec.computed)

    def documents(self, cursor: Any, keys: Iterable[Key]) -> dict[Key, Document]:
        """Return the documents of the rows that are there, by key.

        Args:
            cursor: of a transaction in which all statements see one snapshot (REPEATABLE READ),
                or else parts may be of different moments.
            keys: of the root, each the primary key's values as text.
        """
        width = self.query.width
        links = [key[0] for key in keys] if width == 1 else list(keys)
        rows = self.query.read(cursor, links)
        documents = [self._document(row) for row in rows]
        fill_parts(cursor, self.readers, documents, rows)
        for figures in self.figures:
            figures.fill(cursor, documents, rows)
        return {
            tuple(row[:width]): document for row, document in zip(rows, documents, strict=True)
        }

    def _document(self, row: Sequence[Any]) -> Document:
        document = self.query.make(row)
        if not self.key_fields:
            return document
        key = {name: document.pop(f"_id.{name}") for name in self.key_fields}
        return {"_id": key, **document}

    def ids(self, cursor: Any, keys: Sequence[Key]) -> dict[Key, Any]:
        """Return what ``_id`` these keys have, also those of rows that are gone."""
        if not keys:
            return {}
        sql, codecs = self.root_ids
        cursor.execute(sql, [list(column) for column in zip(*keys, strict=True)])
        width = len(self.key_types)
        found: dict[Key, Any] = {}
        for row in cursor.fetchall():
            values = [
                way.encode(value) if way.encode else value
                for way, value in zip(codecs, row[width:], strict=True)
            ]
            named = dict(zip(self.key_fields, values, strict=False))
            found[tuple(row[:width])] = named or values[0]
        return found


def _root_ids(table: Table, spec: CollectionSpec, types: Sequence[str]) -> tuple[str, list[Codec]]:
    """Return a query from keys as text to what ``_id`` is made of."""
    codecs = [codec(field, table.column(field.column)) for field in spec.key]
    names = [f"k{number}" for number in range(len(types))]
    arrays = ", ".join("%s::text[]" for _ in types)
    shown = [
        way.sql.format(c=f"(t.{name}::{cast_type(kind)})")
        for name, kind, way in zip(names, types, codecs, strict=True)
    ]
    keys = [f"t.{name}" for name in names]
    sql = f"SELECT {', '.join([*keys, *shown])} FROM unnest({arrays}) AS t({', '.join(names)})"
    return sql, codecs
