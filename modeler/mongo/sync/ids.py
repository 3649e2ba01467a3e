"""From the ``_id`` of a document back to the key of its row, as text."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bson.binary import Binary
from bson.decimal128 import Decimal128

from modeler.mongo.documents.sql import Key, base_type

INTEGERS = {"smallint": 15, "integer": 31, "bigint": 63}  # bits
DOUBLES = frozenset({"real", "double precision"})
MOMENTS = frozenset({"timestamp without time zone", "timestamp with time zone"})


def key_of_id(value: Any, types: Sequence[str]) -> Key | None:
    """Return the key's values as texts that PostgreSQL reads in the type of its columns.

    Args:
        value: as pymongo decodes it.
        types: of the key's columns, as PostgreSQL names them.

    Returns:
        None where no row can have that ``_id``. Of a moment only the milliseconds are known.
    """
    parts = list(value.values()) if isinstance(value, Mapping) else [value]
    if len(parts) != len(types) or isinstance(value, Mapping) != (len(types) > 1):
        return None
    texts = [_text(part, base_type(kind)) for part, kind in zip(parts, types, strict=True)]
    return None if None in texts else tuple(text for text in texts if text is not None)


def _text(value: Any, kind: str) -> str | None:
    if kind in INTEGERS:
        return str(value) if _is_int(value) and -1 << INTEGERS[kind] <= value < 1 << INTEGERS[
            kind
        ] else None  # fmt: skip
    if kind == "numeric":
        kept = isinstance(value, Decimal128 | str) or _is_int(value)
        return str(value) if kept and "\0" not in str(value) else None
    if kind in DOUBLES:
        return str(value) if isinstance(value, float) or _is_int(value) else None
    if kind == "boolean":
        return {True: "true", False: "false"}[value] if isinstance(value, bool) else None
    if kind == "date":
        return value.date().isoformat() if isinstance(value, datetime) else None
    if kind in MOMENTS:
        zone = "+00" if kind.endswith("with time zone") else ""
        return value.isoformat(sep=" ") + zone if isinstance(value, datetime) else None
    if kind == "uuid":
        if isinstance(value, Binary) and value.subtype == 4:
            return str(uuid.UUID(bytes=bytes(value)))
        return str(value) if isinstance(value, uuid.UUID) else None
    if kind == "bytea":
        return f"\\x{value.hex()}" if isinstance(value, bytes) else None
    if kind == "interval":
        return f"{value} microseconds" if _is_int(value) else None
    return value if isinstance(value, str) and "\0" not in value else None


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
