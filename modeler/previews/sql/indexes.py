"""CREATE INDEX, REINDEX.

Source: PostgreSQL manual, those commands, 14 to 18.
"""

from __future__ import annotations

from modeler.previews.sql.columns import qualified_text
from modeler.previews.sql.commands import CreateIndex, IndexElement, Reindex
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.definitions import Name
from modeler.previews.sql.options import options_in_brackets

AFTER_ELEMENT = frozenset({"collate", "asc", "desc", "nulls"})
TARGETS = ("index", "table", "schema", "database", "system")


def create_index(cursor: Cursor, *, unique: bool) -> CreateIndex:
    """Read what follows ``CREATE [UNIQUE] INDEX``."""
    concurrently = cursor.take("concurrently")
    absent = cursor.take("if", "not", "exists")
    name = "" if cursor.at("on") else cursor.name().name
    cursor.need("on")
    only = cursor.take("only")
    table = cursor.relation()
    method = cursor.identifier() if cursor.take("using") else "btree"
    elements = cursor.listed(lambda: _element(cursor))
    include = cursor.columns() if cursor.take("include") else ()
    distinct = not cursor.take("nulls", "not", "distinct")
    cursor.take("nulls", "distinct")
    if cursor.take("with"):
        cursor.bracketed()
    tablespace = cursor.identifier() if cursor.take("tablespace") else ""
    where = cursor.expression() if cursor.take("where") else ""
    return CreateIndex(
        table, name, elements, unique, concurrently, absent, only, method, include, where,
        distinct, tablespace,
    )  # fmt: skip


def reindex(cursor: Cursor) -> Reindex:
    """Read what follows REINDEX."""
    chosen = options_in_brackets(cursor)
    target = cursor.take_one_of(*TARGETS)
    if not target:
        raise cursor.unexpected("INDEX, TABLE, SCHEMA, DATABASE or SYSTEM")
    concurrently = cursor.take("concurrently") or chosen.get("concurrently", False)
    nameless = cursor.ended and target in {"database", "system"}
    return Reindex(target, Name("") if nameless else cursor.name(), concurrently)


def _element(cursor: Cursor) -> IndexElement:
    column = expression = ""
    start = cursor.position
    if cursor.is_mark("("):
        expression = cursor.bracketed()
    else:
        # A column, or a call such as lower(name) or CAST(…) or a word like CURRENT_USER.
        cursor.step() if cursor.at_identifier() or cursor.token.kind == "name" else _bad(cursor)
        while cursor.take_mark("."):
            cursor.label()
        if cursor.is_mark("("):
            cursor.skip_group()
            expression = cursor.text(start)
        else:
            cursor.position = start
            column = cursor.identifier()
    collation = qualified_text(cursor) if cursor.take("collate") else ""
    operator_class = ""
    if cursor.at_identifier() and cursor.token.text not in AFTER_ELEMENT:
        operator_class = qualified_text(cursor)
        if cursor.is_mark("("):
            cursor.bracketed()
    order = cursor.take_one_of("asc", "desc")
    if cursor.take("nulls"):
        order = f"{order} nulls {cursor.take_one_of('first', 'last')}".strip()
    return IndexElement(column, expression, collation, operator_class, order)


def _bad(cursor: Cursor) -> None:
    raise cursor.unexpected("a column or an expression")
