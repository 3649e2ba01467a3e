"""MongoDB Extended JSON (v2) for the values that plain JSON cannot type.

Source: MongoDB manual, "MongoDB Extended JSON (v2)". ``bson.json_util.loads`` and mongosh's
``EJSON.parse`` read it, so that specs need no driver to be written.
"""

from __future__ import annotations

from typing import Any

INT32 = 2**31


def number(value: int) -> Any:
    """Return an integer; beyond 32 bits as a typed 64-bit one."""
    return value if -INT32 <= value < INT32 else {"$numberLong": str(value)}


def decimal(text: str) -> dict[str, str]:
    """Return a Decimal128 of that text."""
    return {"$numberDecimal": text}


def int64(value: int) -> dict[str, str]:
    """Return a 64-bit integer, however small."""
    return {"$numberLong": str(value)}
