"""ALTER COLUMN of ALTER TABLE and its kin.

Source: PostgreSQL manual, ALTER TABLE, ALTER VIEW, ALTER INDEX, 14 to 18.
"""

from __future__ import annotations

from modeler.previews.sql.actions import (
    Action,
    AlterIdentity,
    AlterType,
    DropNotNull,
    SetColumnOption,
    SetDefault,
    SetExpression,
    SetNotNull,
)
from modeler.previews.sql.columns import identity_options, qualified_text
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.sequences import at_sequence_option, sequence_option
from modeler.previews.sql.type_names import read_type


def alter_column(cursor: Cursor) -> Action:
    """Read what follows ``ALTER [COLUMN]``."""
    # An index's column goes by its number.
    number = cursor.token.kind == "number"
    column = cursor.step().text if number else cursor.identifier()
    if cursor.take("type") or cursor.take("set", "data", "type"):
        return _type(cursor, column)
    if cursor.take("drop"):
        return _drop(cursor, column)
    if cursor.take("add", "generated"):
        kind = _always(cursor)
        cursor.need("as", "identity")
        identity_options(cursor)
        return AlterIdentity(column, "add", kind)
    if cursor.take("reset"):
        cursor.bracketed()
        return SetColumnOption(column, "options")
    if cursor.take("options"):
        cursor.bracketed()
        return SetColumnOption(column, "foreign options")
    if cursor.is_name("restart") or cursor.at("set", "generated") or _sets_sequence(cursor):
        return _identity(cursor, column)
    cursor.need("set")
    return _set(cursor, column)


def _type(cursor: Cursor, column: str) -> AlterType:
    kind = read_type(cursor)
    collation = qualified_text(cursor) if cursor.take("collate") else ""
    using = cursor.expression() if cursor.take("using") else ""
    return AlterType(column, kind, using, collation)


def _drop(cursor: Cursor, column: str) -> Action:
    if cursor.take("not", "null"):
        return DropNotNull(column)
    if cursor.take("default"):
        return SetDefault(column, None)
    if cursor.take("expression"):
        cursor.take("if", "exists")
        return SetExpression(column, None)
    cursor.need("identity")
    return AlterIdentity(column, "drop", if_exists=cursor.take("if", "exists"))


def _set(cursor: Cursor, column: str) -> Action:
    if cursor.take("not", "null"):
        return SetNotNull(column)
    if cursor.take("default"):
        return SetDefault(column, cursor.expression())
    if cursor.take("expression", "as"):
        return SetExpression(column, cursor.bracketed())
    if cursor.take("statistics"):
        if not cursor.take("default"):
            cursor.take_operator("-")
            if cursor.step().kind != "number":
                raise cursor.unexpected("a number")
        return SetColumnOption(column, "statistics")
    if option := cursor.take_one_of("storage", "compression"):
        if not cursor.take("default"):
            cursor.label()
        return SetColumnOption(column, option)
    if cursor.is_mark("("):
        cursor.bracketed()
        return SetColumnOption(column, "options")
    raise cursor.unexpected("NOT NULL, DEFAULT, DATA TYPE, EXPRESSION or an option")


def _sets_sequence(cursor: Cursor) -> bool:
    return cursor.at("set") and at_sequence_option(cursor, 1)


def _identity(cursor: Cursor, column: str) -> AlterIdentity:
    kind = ""
    while not (cursor.ended or cursor.is_mark(",")):
        if cursor.take("set", "generated"):
            kind = _always(cursor)
            continue
        if not cursor.at("restart"):
            cursor.need("set")
        sequence_option(cursor)
    return AlterIdentity(column, "set", kind)


def _always(cursor: Cursor) -> str:
    if cursor.take("always"):
        return "always"
    cursor.need("by", "default")
    return "by default"
