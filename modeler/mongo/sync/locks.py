"""What a document's advisory lock is called."""

from __future__ import annotations

from modeler.mongo.documents.sql import Key


def root_name(collection: str, key: Key) -> str:
    """Return the name of a document's lock.

    Spellings that a type may hold to be the same (citext, padded characters) have one lock; two
    documents with one lock wait for each other, no more.
    """
    return "\x1f".join((collection, *(part.rstrip().casefold() for part in key)))
