"""How the value of one column is read and encoded: an SQL expression and a function of Python.

Where the server can give the value in the form that BSON needs, it does: that is faster than
any Python, and does not depend on the driver. Sources: PostgreSQL manual, chapters 8 and 9;
BSON specification.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bson.binary import Binary
from bson.int64 import Int64

from modeler.mongo.decimals import decimal128
from modeler.mongo.documents.sql import base_type, cast_type
from modeler.mongo.field import FieldSpec
from modeler.mongo.uuids import uuid_binary
from modeler.schema.column import Column

Encode = Callable[[Any], Any]
TEXTS = frozenset({"text", "character varying"})
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Codec:
    """One column's way into a document.

    Attributes:
        sql: an expression in which ``{c}`` stands for the column.
        encode: of a value that is not None; None where the driver's value is what BSON takes.
    """

    sql: str = "{c}"
    encode: Encode | None = None


def codec(field: FieldSpec, column: Column) -> Codec:
    """Return how a field's value is made.

    Args:
        field: of the document; its first type is what is written.
        column: of the table that is read.
    """
    base = base_type(column.database_type)
    if base.endswith("]"):
        return _array(field, column, base)
    if base in BOUNDS:
        return Codec("{c}", _range(base))
    kind = field.types[0] if field.types else ""
    match kind:
        case "int" | "bool":
            return Codec()
        case "long" if base == "interval":
            return Codec("(extract(epoch FROM {c}) * 1000000)::bigint", Int64)
        case "long":
            return Codec("{c}", Int64)
        case "double":
            return Codec("{c}::double precision")
        case "decimal":
            return Codec("{c}::text", decimal128)
        case "date" if base == "timestamp with time zone":
            # Without an offset a value is decoded and encoded in half the time.
            return Codec("({c} AT TIME ZONE 'UTC')")
        case "date":
            return Codec("{c}::timestamp")
        case "binData" if base == "uuid":
            return Codec("uuid_send({c})", uuid_binary)
        case "binData":
            return Codec("{c}", bytes)
        case "string":
            return _text(base)
        case "object" if base.endswith("hstore"):
            return Codec("{c}::jsonb::text", json.loads)
    if base in ("json", "jsonb"):
        return Codec("{c}::text", json.loads)
    return Codec("{c}::text")


def _text(base: str) -> Codec:
    if base in TEXTS:
        return Codec()
    if base == "time without time zone":
        return Codec("to_char({c}, 'HH24:MI:SS.US')")
    if base == "time with time zone":
        return Codec("to_char(({c} AT TIME ZONE 'UTC')::time, 'HH24:MI:SS.US')")
    if base == "inet":
        return Codec("abbrev({c})")  # without the mask where it is a single host
    return Codec("{c}::text")


def _uuid_text(text: str) -> Binary:
    return uuid_binary(bytes.fromhex(text.replace("-", "")))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _clock(text: str) -> str:
    """Return a time of day with all its digits; PostgreSQL has 24:00, Python has not."""
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction:0<6}"


def _microseconds(value: timedelta) -> Int64:
    return Int64(value // MICROSECOND)


def _clock_with_zone(text: str) -> str:
    """Return a time of day as that of UTC, as the server's own conversion says it."""
    start = "00" if text.startswith("24") else text[:2]
    moment = datetime.combine(date(2000, 1, 2), time.fromisoformat(start + text[2:]))
    return moment.astimezone(UTC).strftime("%H:%M:%S.%f")


def _address(text: str) -> str:
    """Leave out the mask of a single host, as ``abbrev`` does."""
    return text.removesuffix("/128" if ":" in text else "/32")


# How elements of arrays come; those that are not named come as text.
ELEMENTS: dict[str, tuple[str, Encode | None]] = {
    "smallint": ("", None),
    "integer": ("", None),
    "bigint": ("", Int64),
    "boolean": ("", None),
    "double precision": ("", None),
    "real": ("::double precision[]", None),
    "numeric": ("::text[]", decimal128),
    "uuid": ("::text[]", _uuid_text),
    "date": ("", _midnight),
    "timestamp without time zone": ("", None),
    "timestamp with time zone": ("", None),
    "time without time zone": ("::text[]", _clock),
    "time with time zone": ("::text[]", _clock_with_zone),
    "inet": ("::text[]", _address),
    "interval": ("", _microseconds),
    "bytea": ("", bytes),
    "json": ("::text[]", json.loads),
    "jsonb": ("::text[]", json.loads),
    "hstore": ("::jsonb[]::text[]", json.loads),
}
AS_TEXT: tuple[str, Encode | None] = ("::text[]", None)
BOUNDS: dict[str, Encode] = {
    "int4range": int,
    "int8range": Int64,
    "numrange": lambda bound: format(bound, "f"),  # without bound, so kept as text
    "daterange": _midnight,
    "tsrange": lambda bound: bound,
    "tstzrange": lambda bound: bound,
}


def _array(field: FieldSpec, column: Column, base: str) -> Codec:
    element = base.partition("[")[0]
    kept_as_text = element == "numeric" and _element_type(field) == "string"
    cast, encode = AS_TEXT if kept_as_text else ELEMENTS.get(element, AS_TEXT)
    if element in BOUNDS:
        cast, encode = "", _range(element)
    # A driver knows arrays of the base type, not those of a domain.
    cast = cast or f"::{cast_type(element)}[]"
    if encode is None:
        return Codec("{c}" + cast)

    def each(value: Any) -> Any:
        if isinstance(value, list):  # arrays of arrays too
            return [each(part) for part in value]
        return None if value is None else encode(value)

    return Codec("{c}" + cast, each)


def _element_type(field: FieldSpec) -> str:
    items = field.keyword("items") or {}
    kind = items.get("bsonType", "")
    return kind if isinstance(kind, str) else kind[0]


def _range(base: str) -> Encode:
    bound = BOUNDS[base]

    def encode(value: Any) -> dict[str, Any]:
        lower, upper = value.lower, value.upper
        return {
            "lower": None if lower is None else bound(lower),
            "upper": None if upper is None else bound(upper),
            "li": bool(value.lower_inc),
            "ui": bool(value.upper_inc),
            "empty": bool(value.isempty),
        }

    return encode
