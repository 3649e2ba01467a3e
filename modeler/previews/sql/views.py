"""CREATE VIEW and CREATE MATERIALIZED VIEW.

Source: PostgreSQL manual, those commands, 14 to 18.
"""

from __future__ import annotations

from dataclasses import replace

from modeler.previews.sql.commands import CreateView
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.queries import read_query
from modeler.previews.sql.tables import without_data_clause


def create_view(cursor: Cursor, *, materialized: bool, **kind: bool) -> CreateView:
    """Read what follows ``CREATE … VIEW``; ``kind``: ``or_replace`` or ``temporary``."""
    absent = cursor.take("if", "not", "exists")
    name = cursor.name()
    if cursor.is_mark("("):
        cursor.columns()
    while not cursor.at("as"):
        if cursor.take("using") or cursor.take("tablespace"):
            cursor.identifier()
        else:
            cursor.need("with")
            cursor.bracketed()
    cursor.need("as")
    start = cursor.position
    cursor.rest()
    end, with_data = (
        without_data_clause(cursor) if materialized else (_before_check_option(cursor), True)
    )
    query = read_query(cursor.source, cursor.tokens[start:end])
    if query:
        # A recursive view reads itself.
        query = replace(query, reads=tuple(read for read in query.reads if read != name))
    return CreateView(
        name, query, materialized, with_data=with_data, if_not_exists=absent,
        text=cursor.text(start, end), **kind,
    )  # fmt: skip


def _before_check_option(cursor: Cursor) -> int:
    end = len(cursor.tokens) - 1
    words = [token.text if token.kind == "name" else "" for token in cursor.tokens[:end]]
    if words[-3:] == ["with", "check", "option"]:
        return end - 3
    if words[-2:] == ["check", "option"] and words[-4:-2] in (
        ["with", "local"],
        ["with", "cascaded"],
    ):
        return end - 4
    return end
