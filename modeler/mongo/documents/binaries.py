"""UUIDs as BSON has them: sixteen bytes of subtype 4.

Source: BSON specification, "Binary subtypes". Keys of many projects are UUIDs, and the driver's
own constructor takes longer than all the rest of a document.
"""

from __future__ import annotations

from bson.binary import Binary

SUBTYPE = 4


def uuid_binary(raw: bytes | memoryview) -> Binary:
    """Return the bytes of a UUID, as either driver gives them, as a value of BSON."""
    return Binary(bytes(raw), SUBTYPE)


def _lean(raw: bytes | memoryview) -> Binary:
    """Skip the checks of types, which hold already."""
    made: Binary = bytes.__new__(Binary, raw)
    made._Binary__subtype = SUBTYPE  # type: ignore[attr-defined]
    return made


def _is_same(raw: bytes = bytes(range(16))) -> bool:
    try:
        made, plain = _lean(memoryview(raw)), Binary(raw, SUBTYPE)
        return made == plain and made.subtype == SUBTYPE and vars(made) == vars(plain)
    except (AttributeError, TypeError):
        return False


if _is_same():
    uuid_binary = _lean
