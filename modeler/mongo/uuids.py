"""UUIDs as BSON has them: sixteen bytes of subtype 4.

Source: BSON specification, "Binary subtypes". Keys of many projects are UUIDs, and the driver's
own constructor takes longer than all the rest of a document.
"""

from __future__ import annotations

import bson
from bson.binary import Binary

SUBTYPE = 4


class Uuid(Binary):
    """The bytes of a UUID; the class knows the subtype, so that no value needs a dictionary.

    Documents are encoded faster so (docs/performance.md).
    """

    subtype = SUBTYPE
    _Binary__subtype = SUBTYPE  # under this name pymongo's own methods look for it


def uuid_binary(raw: bytes | memoryview) -> Binary:
    """Return the bytes of a UUID, as either driver gives them, as a value of BSON."""
    return Binary(bytes(raw), SUBTYPE)


def _lean(raw: bytes | memoryview) -> Binary:
    """Skip the checks of types, which hold already."""
    return bytes.__new__(Uuid, raw)


def _is_same(raw: bytes = bytes(range(16))) -> bool:
    """Tell whether the driver takes one for the other."""
    try:
        made, plain = _lean(memoryview(raw)), Binary(raw, SUBTYPE)
        return (
            made == plain == made
            and (made.subtype, hash(made), repr(made)) == (SUBTYPE, hash(plain), repr(plain))
            and bson.encode({"_id": made}) == bson.encode({"_id": plain})
        )
    except (AttributeError, TypeError, bson.errors.BSONError):
        return False


if _is_same():
    uuid_binary = _lean
