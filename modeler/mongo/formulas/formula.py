"""What a field holds that is no column: a value that PostgreSQL computes when it reads a row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression of a table's row.

    Attributes:
        sql: as PostgreSQL takes it, columns without a table's name: ``lower(email)``.
        type: of its value, as PostgreSQL prints it: ``text``, ``numeric(12,2)``.
        columns: that it is made of; when one of them changes, so does the document.
    """

    sql: str
    type: str
    columns: tuple[str, ...]
