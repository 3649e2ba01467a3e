"""From the ``_id`` of a document back to the key of its row, as text."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bson.binary import Binary
from bson.decimal128 import Decimal128

from modeler.mongo.documents.sql import Key


def key_of_id(value: Any, width: int) -> Key | None:
    """Return the key's values as texts that PostgreSQL reads in the type of its columns.

    Args:
        value: as pymongo decodes it.
        width: columns of the key.

    Returns:
        None where no row can have that ``_id``.
    """
    parts = list(value.values()) if isinstance(value, Mapping) else [value]
    texts = [_text(part) for part in parts]
    if len(texts) != width or None in texts:
        return None
    return tuple(text for text in texts if text is not None)


def _text(value: Any) -> str | None:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal128():
            return str(value)
        case str():
            return value
        case uuid.UUID():
            return str(value)
        case Binary() if value.subtype == 4:
            return str(uuid.UUID(bytes=bytes(value)))
        case bytes():
            return f"\\x{value.hex()}"
        case datetime():
            return value.isoformat(sep=" ")
    return None
