"""A table of the shadow that looks like a live one, to measure statements on.

It lies under the same name in a schema of its own that the search path reaches first, so that a
statement of a migration finds it. Values are made from the row's number alone: unique wherever
the type has room, and equal in tables that refer to each other by columns of one type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from modeler.errors import ServerError
from modeler.postgres.catalogs import Row, rows
from modeler.postgres.production.figures import TableFigures
from modeler.postgres.shadow import quoted

SCHEMA = "modeler_scratch"
COLUMNS = """
SELECT a.attname::text AS name, format_type(b.oid, NULL) AS type,
       format_type(a.atttypid, a.atttypmod) AS declared,
       b.typtype::text AS typtype, b.typcategory::text AS category, b.typelem <> 0 AS has_elements,
       format_type(nullif(b.typelem, 0), NULL) AS element,
       CASE WHEN a.atttypid = 'varchar'::regtype OR a.atttypid = 'bpchar'::regtype
            THEN nullif(a.atttypmod, -1) - 4 END AS most,
       a.attnotnull AS required, a.attgenerated <> '' AS generated
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
"""
USUAL_TEXT = 24
ARRAY_HEADER = 24


@dataclass(frozen=True, slots=True)
class Shape:
    """How wide a column is, and how often it is null.

    Attributes:
        width: average bytes; None where nobody knows.
        null_fraction: 0 to 1.
    """

    width: int | None = None
    null_fraction: float = 0.0


def shapes_of(table: TableFigures | None) -> dict[str, Shape]:
    """Return the shapes of a live table's columns."""
    if table is None:
        return {}
    return {column.name: Shape(column.width, column.null_fraction) for column in table.columns}


class Scratch:
    """Tables like those of the shadow's database, filled by number of rows.

    Args:
        tables: names on the shadow, the referenced before the referring.
        figures: of the live tables by the same names; without them the usual widths are taken.
    """

    def __init__(self, tables: Sequence[str], figures: dict[str, TableFigures]) -> None:
        self.tables, self.figures = tuple(tables), figures

    def make(self, cursor: Any) -> None:
        """Make the tables, with indexes and generated columns, without rules of other tables.

        The session's search path reaches them first from then on.
        """
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in self.tables:
            cursor.execute(
                f"CREATE TABLE {SCHEMA}.{table} (LIKE {table} INCLUDING DEFAULTS INCLUDING "
                "GENERATED INCLUDING IDENTITY INCLUDING INDEXES INCLUDING STORAGE)"
            )
        cursor.execute("SELECT current_setting('search_path')")
        (path,) = cursor.fetchone()
        cursor.execute("SELECT set_config('search_path', %s, false)", [f"{SCHEMA}, {path}"])

    def fill(self, cursor: Any, count: int) -> None:
        """Put ``count`` rows into every table, instead of those that were there.

        Raises:
            ServerError: a column's type has no values here.
        """
        for table in self.tables:
            columns = rows(cursor, COLUMNS, [f"{SCHEMA}.{table}"])
            shapes = shapes_of(self.figures.get(table))
            cursor.execute(f"TRUNCATE {SCHEMA}.{table}")
            cursor.execute(insert_sql(f"{SCHEMA}.{table}", columns, shapes, count))


def insert_sql(table: str, columns: Sequence[Row], shapes: dict[str, Shape], count: int) -> str:
    """Return the statement that fills a table with rows 1 to ``count``.

    Args:
        columns: rows of COLUMNS.

    Raises:
        ServerError: a column may not be null, and its type has no values here.
    """
    names, values = [], []
    for column in columns:
        if column["generated"]:
            continue
        shape = shapes.get(column["name"], Shape())
        value = value_sql(column, shape)
        if value is None:
            if column["required"]:
                raise ServerError(
                    f"{table}.{column['name']} is of type {column['declared']}, for which no "
                    "values can be made, so statements on it cannot be measured. Measure them "
                    "on a copy of the data."
                )
            value = "NULL"
        elif shape.null_fraction > 0 and not column["required"]:
            share = f"{1000 * shape.null_fraction:.0f}"
            value = f"CASE WHEN n % 1000 < {share} THEN NULL ELSE {value} END"
        names.append(quoted(column["name"]))
        values.append(value)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) OVERRIDING SYSTEM VALUE "
        f"SELECT {', '.join(values)} FROM generate_series(1, {count}) AS n"
    )


def value_sql(column: Row, shape: Shape) -> str | None:
    """Return SQL for a value made of ``n``; None where the type is none of those known."""
    kind, declared = column["type"], column["declared"]
    if column["typtype"] == "e":
        return f"(enum_range(NULL::{kind}))[1 + n % cardinality(enum_range(NULL::{kind}))]"
    if column["category"] == "A":
        element = SCALARS.get(column["element"])
        if element is None:
            return f"'{{}}'::{kind}"
        width = max((shape.width or 2 * USUAL_TEXT) - ARRAY_HEADER, 1)
        return f"ARRAY[{element.format(width=width, most=width)}]::{declared}"
    pattern = SCALARS.get(kind)
    if pattern is None:
        return None
    width = max(shape.width or USUAL_TEXT, 1)
    most = column["most"] or width
    return f"{pattern.format(width=min(width, most), most=most)}::{declared}"


# The number first, so that a prefix of any usual width is unique.
_TEXT = "left(n || ' ' || repeat(md5(n::text), 1 + {width} / 32), {width})"
_JSON = "{}('n', n, 'text', left(repeat(md5(n::text), 1 + {{width}} / 32), {{width}}))"
SCALARS = {
    "smallint": "(n % 32000)",
    "integer": "n",
    "bigint": "n",
    "numeric": "(n % 100)",
    "real": "n",
    "double precision": "n",
    "money": "n",
    "boolean": "(n % 2 = 0)",
    "text": _TEXT,
    "character varying": _TEXT,
    "character": _TEXT,
    "citext": _TEXT,
    '"char"': "'x'",
    "name": "left(md5(n::text), 63)",
    "uuid": "md5(n::text)",
    "date": "(date '2000-01-01' + n % 9000)",
    "timestamp without time zone": "(timestamp '2000-01-01' + n * interval '1 minute')",
    "timestamp with time zone": "(timestamptz '2000-01-01' + n * interval '1 minute')",
    "time without time zone": "(time '00:00' + n * interval '1 second')",
    "time with time zone": "(time '00:00' + n * interval '1 second')",
    "interval": "(n * interval '1 second')",
    "bytea": "decode(repeat(md5(n::text), 1 + {width} / 16), 'hex')",
    "jsonb": _JSON.format("jsonb_build_object"),
    "json": _JSON.format("json_build_object"),
    "inet": "('10.0.0.0'::inet + n)",
    "cidr": "('10.0.0.0'::inet + n)",
    "tsvector": "to_tsvector('simple', repeat(md5(n::text) || ' ', 1 + {width} / 40))",
    "int4range": "int4range(n, n + 10)",
    "int8range": "int8range(n, n + 10)",
    "numrange": "numrange(n, n + 10)",
    "daterange": "daterange(date '2000-01-01' + n, date '2000-01-02' + n)",
    "tstzrange": "tstzrange(timestamptz '2000-01-01' + n * interval '1 minute', NULL)",
    "tsrange": "tsrange(timestamp '2000-01-01' + n * interval '1 minute', NULL)",
    "point": "point(n, n)",
    "oid": "n",
    "xml": "('<n>' || n || '</n>')",
}
