"""What the synchronisation keeps in a document: its version and a hash of the rest.

The hash is over the document's bytes in BSON without ``_sync``: the same rows give the same
bytes, since fields have a fixed order and every value is encoded by its column.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument

from modeler.mongo.validator import SYNC_FIELD

HASH_BYTES = 16
# An epoch leaves room for 2^40 batches; at a thousand a second that is 34 years.
EPOCH_SHIFT = 40
# The element {_sync: {v: a 64-bit integer, h: binary}}, put behind all others without a second
# pass of the encoder: type and name, length, the two elements, a zero byte (BSON specification).
NAME = b"\x03" + SYNC_FIELD.encode() + b"\0"
MARK = struct.Struct(f"<{len(NAME)}si3sq3siB{HASH_BYTES}sB")
MARK_BYTES = MARK.size - len(NAME)
LARGEST_DOCUMENT = 16 * 1024 * 1024


def version_of(epoch: int, number: int) -> int:
    """Return a version; those of a later epoch are greater than all of an earlier one."""
    return (epoch << EPOCH_SHIFT) | number


@dataclass(frozen=True, slots=True)
class Stamped:
    """A document ready to be written.

    Attributes:
        id: its ``_id``.
        raw: with ``_sync``; pymongo sends its bytes as they are.
        hash: of the document without ``_sync``.
        size: bytes, with ``_sync``.
    """

    id: Any
    raw: RawBSONDocument
    hash: bytes
    size: int


def stamp(document: dict[str, Any], version: int) -> Stamped:
    """Return a document with its version and hash.

    Raises:
        bson.errors.InvalidDocument, OverflowError: a value that BSON cannot hold.
    """
    plain = bson.encode(document)
    digest = hash_of(plain)
    size = len(plain) + MARK.size
    mark = MARK.pack(NAME, MARK_BYTES, b"\x12v\0", version, b"\x05h\0", HASH_BYTES, 0, digest, 0)
    whole = b"".join((struct.pack("<i", size), plain[4:-1], mark, b"\0"))
    return Stamped(document["_id"], RawBSONDocument(whole), digest, size)


def hash_of(plain: bytes) -> bytes:
    """Return the hash of a document's bytes without ``_sync``."""
    return hashlib.blake2b(plain, digest_size=HASH_BYTES).digest()


def stored_hash(raw: RawBSONDocument) -> bytes:
    """Return the hash of a document as it is stored now, whatever its ``_sync`` says."""
    mark = bson.encode({SYNC_FIELD: raw[SYNC_FIELD]})[4:-1] if SYNC_FIELD in raw else b""
    whole = bytes(raw.raw)
    if whole.endswith(mark + b"\0"):
        # As we wrote it: no value need be decoded, nor can one change on the way.
        elements = whole[4 : -len(mark) - 1]
        return hash_of(struct.pack("<i", len(elements) + 5) + elements + b"\0")
    document = {name: value for name, value in raw.items() if name != SYNC_FIELD}
    return hash_of(bson.encode(document))
