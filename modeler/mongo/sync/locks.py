"""What a document's advisory lock is called."""

from __future__ import annotations

from modeler.mongo.documents.sql import Key


def root_name(collection: str, key: Key) -> str:
    """Return a name that no other document of any collection has."""
    return "\x1f".join((collection, *key))
