"""Python values as literals of the vocabulary."""

from __future__ import annotations

import datetime
import decimal
import json
import uuid
from enum import Enum
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.duration import duration_iso_string
from django.utils.functional import Promise

from modeler.schema.dotted import dotted_name
from modeler.schema.expression import Expression, Function, Literal, Opaque

NULL = Literal("null", "")


def literal_of(value: Any) -> Expression:
    """Return the literal of a Python value; ``Opaque`` where its type has no literal."""
    if isinstance(value, Enum):
        value = value.value
    match value:
        case None:
            return NULL
        case bool():
            return Literal("boolean", "true" if value else "false")
        case int():
            return Literal("integer", str(int(value)))
        case float():
            return Literal("float", repr(float(value)))
        case decimal.Decimal():
            return Literal("decimal", f"{value:f}" if value.is_finite() else str(value))
        case str() | Promise():
            return Literal("text", str(value))
        case datetime.datetime():
            return Literal("datetime", value.isoformat())
        case datetime.date():
            return Literal("date", value.isoformat())
        case datetime.time():
            return Literal("time", value.isoformat())
        case datetime.timedelta():
            return Literal("interval", duration_iso_string(value))
        case uuid.UUID():
            return Literal("uuid", str(value))
        case bytes() | bytearray() | memoryview():
            return Literal("bytes", bytes(value).hex())
        case list() | tuple() | dict():
            return json_literal(value)
    return Opaque(dotted_name(value), "a Python object that has no literal", "python")


def json_literal(value: Any) -> Expression:
    """Return a value as JSON: keys sorted, dates and decimals as Django stores them."""
    try:
        text = json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    except (TypeError, ValueError):
        return Opaque(dotted_name(value), "not representable as JSON", "python")
    return Literal("json", text)


def parameter_literal(value: Any) -> Expression:
    """Return the literal of a query parameter; drivers wrap JSON in their own types."""
    kind = type(value).__name__
    if kind in {"Jsonb", "Json"}:
        # psycopg 3 keeps the value in ``obj``, psycopg2 in ``adapted``.
        return json_literal(getattr(value, "obj", getattr(value, "adapted", None)))
    if kind == "JsonAdapter":
        return json_literal(value.adapted)
    if isinstance(value, (list, tuple)):
        # JSON comes wrapped, so a bare list is an array.
        return Function("array", tuple(parameter_literal(member) for member in value))
    return literal_of(value)
