"""The tables that a publication names.

Source: PostgreSQL manual, CREATE PUBLICATION and ALTER PUBLICATION, 14 to 18.
"""

from __future__ import annotations

from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.definitions import Name


def published_tables(cursor: Cursor) -> tuple[Name, ...]:
    """Read ``FOR TABLE …`` or, behind ADD, SET or DROP, ``TABLE …``; others give none."""
    cursor.take("for")
    found: list[Name] = []
    if not cursor.at("table"):
        return ()
    while True:
        cursor.take("table")
        if cursor.at("tables", "in", "schema"):
            cursor.need("tables", "in", "schema")
            cursor.label()
        else:
            cursor.take("only")
            found.append(cursor.relation())
        if cursor.is_mark("("):
            cursor.columns()
        if cursor.take("where"):
            cursor.bracketed()
        if not cursor.take_mark(","):
            return tuple(found)
