"""Options in brackets, as VACUUM, REINDEX, CLUSTER and EXPLAIN have them.

Source: PostgreSQL manual, those commands, 14 to 18.
"""

from __future__ import annotations

from modeler.previews.sql.cursor import Cursor

OFF = frozenset({"false", "off", "0", "no"})


def options_in_brackets(cursor: Cursor) -> dict[str, bool]:
    """Read ``(name [value], …)`` if it is there; names in lower case, whether they are on."""
    if not cursor.is_mark("("):
        return {}
    return dict(cursor.listed(lambda: _option(cursor)))


def _option(cursor: Cursor) -> tuple[str, bool]:
    name = cursor.label()
    value = ""
    while not (cursor.is_mark(",") or cursor.is_mark(")") or cursor.ended):
        value += cursor.step().text
    return name, value.lower() not in OFF
