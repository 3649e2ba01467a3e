"""One example."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snippet:
    """One query in both languages.

    Attributes:
        title: what it finds.
        orm: Python, ``""`` where there is no model.
        sql: PostgreSQL.
        needs: names from ``django.db.models`` that ``orm`` uses.
    """

    title: str
    orm: str
    sql: str
    needs: tuple[str, ...] = ()
