"""Builds the documents of a collection for given keys, one query a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from modeler.mongo.aggregate import PartKind
from modeler.mongo.computed import ComputedSpec
from modeler.mongo.documents.codec import Codec, base_type, codec
from modeler.mongo.documents.figures import figures_of
from modeler.mongo.documents.held import Held, key_of
from modeler.mongo.documents.rows import Document, Key, RowQuery, row_query
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.spec import CollectionSpec
from modeler.schema.schema import Schema
from modeler.schema.table import Table


@dataclass(frozen=True, slots=True)
class _Reader:
    """A part with its query, and those of the parts within."""

    part: PartSpec
    query: RowQuery
    readers: tuple[_Reader, ...]


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
        self.spec = spec
        self.table = schema.table(spec.table)
        self.key_columns = tuple(self.table.primary_key)
        self.key_types = tuple(self.table.column(c).database_type for c in self.key_columns)
        fields = [field for field in (*spec.key, *spec.fields) if field.stored]
        composite = len(spec.key) > 1
        links = _wanted_links(spec.parts, spec.computed)
        self.query = row_query(
            self.table,
            tuple(zip(self.key_columns, self.key_types, strict=True)),
            fields,
            links,
        )
        self.key_fields = tuple(f.name.removeprefix("_id.") for f in spec.key) if composite else ()
        self.root_ids = _root_ids(self.table, spec, self.key_types)
        self.readers = tuple(_reader(schema, self.table, part) for part in spec.parts)
        self.figures = figures_of(schema, self.table, spec.computed)

    def documents(self, cursor: Any, keys: Iterable[Key]) -> dict[Key, Document]:
        """Return the documents of the rows that are there, by key.

        Args:
            cursor: of a transaction in which all statements see one snapshot (REPEATABLE READ),
                or else parts may be of different moments.
            keys: of the root, each the primary key's values as text.
        """
        held: dict[Key, Held] = {}
        width = self.query.width
        for row in self.query.read(cursor, keys):
            document = self.query.make(row)
            if self.key_fields:
                names = [f"_id.{name}" for name in self.key_fields]
                key_document = {
                    short: document.pop(name)
                    for short, name in zip(self.key_fields, names, strict=True)
                }
                document = {"_id": key_document, **document}
            links = dict(
                zip(self.query.links, row[width : width + len(self.query.links)], strict=True)
            )
            held[tuple(row[:width])] = Held(document, links)
        rows = list(held.values())
        for reader in self.readers:
            _fill(cursor, reader, rows)
        for figures in self.figures:
            figures.fill(cursor, rows)
        return {key: one.document for key, one in held.items()}

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
        way.sql.format(c=f"(t.{name}::{base_type(kind)})")
        for name, kind, way in zip(names, types, codecs, strict=True)
    ]
    keys = [f"t.{name}" for name in names]
    sql = f"SELECT {', '.join([*keys, *shown])} FROM unnest({arrays}) AS t({', '.join(names)})"
    return sql, codecs


def _wanted_links(parts: Iterable[PartSpec], computed: Iterable[ComputedSpec] = ()) -> list[str]:
    """The columns of a table that lead to what is embedded in its rows."""
    links = [above for part in parts for _, above in part.link]
    return [*links, *(above for one in computed for _, above in one.link)]


def _reader(schema: Schema, above: Table, part: PartSpec) -> _Reader:
    table = schema.table(part.table)
    key = [(near, above.column(far).database_type) for near, far in part.link]
    links = [*_wanted_links(part.parts), *(near for near, _ in part.up)]
    through = part.kind is PartKind.VALUES and bool(part.parts)
    order = part.part.order or tuple(
        column.name for column in table.columns if column.name == "_order"
    )
    query = row_query(table, key, () if through else part.fields, links, order, part.part.first)
    return _Reader(part, query, tuple(_reader(schema, table, inner) for inner in part.parts))


def _fill(cursor: Any, reader: _Reader, rows: Sequence[Held]) -> None:
    """Put a part into every document that may have it."""
    columns = [above for _, above in reader.part.link]
    keys = {key for row in rows if (key := key_of(row, columns)) is not None}
    found = _read(cursor, reader, keys)
    if reader.part.kind is PartKind.PATH:
        _fill_paths(cursor, reader, rows, columns, found)
        return
    field, kind = reader.part.field, reader.part.kind
    for row in rows:
        key = key_of(row, columns)
        here = found.get(key, ()) if key is not None else ()
        if kind is PartKind.ARRAY:
            row.document[field] = [one.document for one in here]
        elif kind is PartKind.VALUES:
            row.document[field] = [_value(one.document) for one in here]
        else:
            row.document[field] = here[0].document if here else None


def _read(cursor: Any, reader: _Reader, keys: Iterable[Key]) -> dict[Key, list[Held]]:
    """Return a part's rows with all within them, by the key that they were found by."""
    query = reader.query
    found: defaultdict[Key, list[Held]] = defaultdict(list)
    everyone: list[Held] = []
    for row in query.read(cursor, keys):
        end = query.width + len(query.links)
        one = Held(query.make(row), dict(zip(query.links, row[query.width : end], strict=True)))
        found[tuple(row[: query.width])].append(one)
        everyone.append(one)
    for inner in reader.readers:
        _fill(cursor, inner, everyone)
    return found


def _fill_paths(
    cursor: Any,
    reader: _Reader,
    rows: Sequence[Held],
    columns: Sequence[str],
    found: dict[Key, list[Held]],
) -> None:
    """Put the ancestors into every document, from the top down to the row it refers to."""
    up = [near for near, _ in reader.part.up]
    known = {key: held[0] for key, held in found.items()}
    while missing := {
        key for one in known.values() if (key := key_of(one, up)) is not None and key not in known
    }:
        fetched = _read(cursor, reader, missing)
        if not fetched:
            break  # a reference that leads nowhere
        known.update({key: held[0] for key, held in fetched.items()})
    for row in rows:
        path: list[Document] = []
        seen: set[Key] = set()
        key = key_of(row, columns)
        while key is not None and key not in seen and key in known:
            seen.add(key)
            path.append(known[key].document)
            key = key_of(known[key], up)
        row.document[reader.part.field] = path[::-1]


def _value(document: Document) -> Any:
    """Return the only value of a row of an array of values; of a copy within, its own."""
    (value,) = document.values()
    if isinstance(value, dict):
        (value,) = value.values()
    return value
