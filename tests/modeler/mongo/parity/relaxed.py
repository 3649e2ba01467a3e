"""Twins of tables that take what the tables refuse, so that a document of it can be built.

A twin has the same columns without constraints, and types without bounds: a number that is too
large for ``integer`` fits ``bigint``, a text too long for ``varchar(10)`` fits ``varchar``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from modeler.mongo.documents.sql import qualified, quoted
from modeler.schema.schema import Schema
from modeler.schema.table import Table

HOME = "parity_twins"
WIDER = {
    "smallint": "bigint", "integer": "bigint", "bigint": "numeric", "real": "double precision",
    "character varying": "text", "character": "text", "bit": "text", "bit varying": "text",
}  # fmt: skip
COLUMNS = """
SELECT a.attname, format_type(a.atttypid, NULL), t.typtype
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


def make_twins(cursor: Any, schema: Schema, keys: Iterable[str]) -> None:
    """Create a twin of every table, with its rows; call with the tables' own search path."""
    cursor.execute(f"DROP SCHEMA IF EXISTS {HOME} CASCADE")
    cursor.execute(f"CREATE SCHEMA {HOME}")
    for key in sorted(set(keys)):
        table = schema.table(key)
        _make(cursor, table)


def twin_of(table: Table) -> str:
    """Return the name of a table's twin."""
    assert table.location is not None
    return f"{HOME}.{quoted(table.location.table)}"


def _make(cursor: Any, table: Table) -> None:
    place = qualified(table.location)
    cursor.execute(COLUMNS, [place.replace("%%", "%")])
    columns = [(name, _wider(kind, sort)) for name, kind, sort in cursor.fetchall()]
    made = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns)
    cursor.execute(f"CREATE TABLE {twin_of(table)} ({made})")
    shown = ", ".join(f"{quoted(name)}::text::{kind}" for name, kind in columns)
    cursor.execute(f"INSERT INTO {twin_of(table)} SELECT {shown} FROM {place}")
    found = [relation.columns for relation in table.relations if relation.columns]
    for indexed in {tuple(table.primary_key), *map(tuple, found)} - {()}:
        cursor.execute(
            f"CREATE INDEX ON {twin_of(table)} ({', '.join(quoted(name) for name in indexed)})"
        )
    cursor.execute(f"ANALYZE {twin_of(table)}")


def _wider(kind: str, sort: str) -> str:
    array = "[]" if kind.endswith("[]") else ""
    base = kind.removesuffix("[]")
    if sort == "e":
        return "text"
    return WIDER.get(base, base) + array
