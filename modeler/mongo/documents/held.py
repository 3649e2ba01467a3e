"""A document under construction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modeler.mongo.documents.rows import Document, Key


@dataclass(frozen=True, slots=True)
class Held:
    """A document under construction, with the texts of the columns that lead to its parts."""

    document: Document
    links: Mapping[str, str | None]


def key_of(row: Held, columns: Sequence[str]) -> Key | None:
    """Return the key by which a part is found; None where a column is NULL."""
    values = [row.links[column] for column in columns]
    return None if None in values else tuple(value for value in values if value is not None)
