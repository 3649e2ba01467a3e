"""Twins of tables that take what the tables refuse, so that a document of it can be built.

A twin has the same columns without constraints, and types without bounds: a number that is too
large for ``integer`` fits ``bigint``, a text too long for ``varchar(10)`` fits ``varchar``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from modeler.mongo.documents.sql import qualified, quoted, rows_of
from modeler.schema.location import Location
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind
from tests.modeler.mongo.parity.constraints import BELOW

HOME = "parity_twins"
WIDER = {
    "smallint": "bigint", "integer": "bigint", "bigint": "numeric", "real": "double precision",
    "character varying": "text", "character": "text", "bit": "text", "bit varying": "text",
}  # fmt: skip
# A domain's rules are rules too: its twin has the type at the bottom.
COLUMNS = f"""{BELOW}
SELECT DISTINCT a.attnum, a.attname, bottom.plain, bottom.typtype, bottom.of_elements
FROM pg_attribute a JOIN bottom ON bottom.number = a.attnum
WHERE a.attrelid = %s::regclass ORDER BY a.attnum
"""


def twin_schema(schema: Schema, keys: Iterable[str]) -> Schema:
    """Return the schema with twins in place of some tables."""
    wanted = {schema.table(key).location for key in keys} - {None}
    # Of several models on one table, each reads the same twin.
    names = {place: f"t{number}" for number, place in enumerate(sorted(filter(None, wanted)))}
    tables = tuple(
        replace(table, location=replace(table.location, schema=HOME, table=names[table.location]))
        if table.location is not None and table.location in names
        else table
        for table in schema.tables
    )
    return replace(schema, tables=tables)


def make_twins(cursor: Any, schema: Schema, twins: Schema) -> None:
    """Create a twin of every table, with its rows.

    Args:
        cursor: that may create a schema.
        schema: the whole.
        twins: from ``twin_schema``.
    """
    cursor.execute(f"DROP SCHEMA IF EXISTS {HOME} CASCADE")
    cursor.execute(f"CREATE SCHEMA {HOME}")
    made: set[Location] = set()
    for twin in twins.tables:
        if twin.location is not None and twin.location.schema == HOME:
            table = schema.table(twin.key)
            if twin.location not in made and table.columns and table.kind is not TableKind.PROXY:
                made.add(twin.location)
                _make(cursor, table, qualified(twin.location))


def _make(cursor: Any, table: Table, twin: str) -> None:
    place = qualified(table.location)
    cursor.execute(COLUMNS, [place.replace("%%", "%")] * 2)
    columns = [(name, _wider(*how)) for _, name, *how in cursor.fetchall()]
    made = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns)
    cursor.execute(f"CREATE TABLE {twin} ({made})")
    shown = ", ".join(f"{quoted(name)}::text::{kind}" for name, kind in columns)
    cursor.execute(f"INSERT INTO {twin} SELECT {shown} FROM {rows_of(table)}")
    found = [relation.columns for relation in table.relations if relation.columns]
    for indexed in {tuple(table.primary_key), *map(tuple, found)} - {()}:
        cursor.execute(f"CREATE INDEX ON {twin} ({', '.join(quoted(name) for name in indexed)})")
    cursor.execute(f"ANALYZE {twin}")


def _wider(kind: str, sort: str, of_elements: bool) -> str:
    wider = "text" if sort == "e" else WIDER.get(kind, kind)
    return wider + ("[]" if of_elements else "")
