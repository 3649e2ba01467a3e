"""Values for rows that look like a live table's, made by the server out of the row's number alone.

They are unique wherever the type has room, and equal in tables that refer to each other by
columns of one type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modeler.errors import ServerError
from modeler.postgres.catalogs import Row
from modeler.postgres.production.figures import TableFigures
from modeler.postgres.shadow import quoted

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
NUMBER = re.compile(r"\bn\b")
STRIDE = 7919  # a prime, so that it meets every row
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


def insert_sql(
    table: str,
    columns: Sequence[Row],
    shapes: Mapping[str, Shape],
    count: int,
    among: Mapping[str, int] | None = None,
) -> str:
    """Return the statement that fills a table with rows 1 to ``count``.

    Args:
        columns: rows of COLUMNS.
        among: of columns that refer to another table, how many rows that one has.

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
        elif among and column["name"] in among:
            # Spread over the other table, as the rows of a real one are.
            value = NUMBER.sub(f"(1 + (n * {STRIDE}::bigint) % {among[column['name']]})", value)
        if value != "NULL" and shape.null_fraction > 0 and not column["required"]:
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
    if kind == "numeric":
        return f"{_numeric(declared)}::{declared}"
    pattern = SCALARS.get(kind)
    if pattern is None:
        return None
    width = max(shape.width or USUAL_TEXT, 1)
    most = column["most"] or width
    return f"{pattern.format(width=min(width, most), most=most)}::{declared}"


def _numeric(declared: str) -> str:
    """Return the row's number, as far as the digits before the point have room for it."""
    found = re.fullmatch(r"numeric\((\d+),(-?\d+)\)", declared)
    if not found:
        return "n"
    digits = max(int(found[1]) - int(found[2]), 0)
    return "n" if digits > 9 else f"(n % {10**digits})"


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
