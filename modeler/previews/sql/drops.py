"""DROP of anything, and COMMENT ON and SECURITY LABEL ON anything.

Source: PostgreSQL manual, DROP …, COMMENT and SECURITY LABEL, 14 to 18.
"""

from __future__ import annotations

from modeler.previews.sql.commands import AlterObject, Command, Comment, Drop
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.definitions import Name, ObjectKind
from modeler.previews.sql.kinds import ON_TABLE, object_name, read_kind
from modeler.previews.sql.relation_actions import cascades


def drop(cursor: Cursor) -> Command:
    """Read what follows DROP."""
    if cursor.take("owned", "by"):
        cursor.several(cursor.label)
        return AlterObject(ObjectKind.OTHER, Name(""), "drop owned", cascade=cascades(cursor))
    kind, written = read_kind(cursor)
    concurrently = kind is ObjectKind.INDEX and cursor.take("concurrently")
    exists = cursor.take("if", "exists")
    if written == "user mapping":
        names: tuple[Name, ...] = (object_name(cursor, kind, written),)
    else:
        names = cursor.several(lambda: object_name(cursor, kind, written))
    table = None
    if kind in ON_TABLE:
        cursor.need("on")
        table = cursor.name()
    if written == "database":
        cursor.take("with")
        if cursor.is_mark("("):
            cursor.bracketed()
    return Drop(kind, names, exists, cascades(cursor), concurrently, table, written)


def comment(cursor: Cursor) -> Comment:
    """Read what follows COMMENT, or SECURITY LABEL."""
    if cursor.take("for"):
        cursor.step()  # provider of a label
    cursor.need("on")
    kind, written = read_kind(cursor)
    table: Name | None = None
    if kind is ObjectKind.COLUMN:
        parts = [cursor.identifier()]
        while cursor.take_mark("."):
            parts.append(cursor.label())
        if len(parts) < 2:
            raise cursor.unexpected("the name of a column")
        name, table = Name(parts[-1]), Name(parts[-2], parts[-3] if len(parts) > 2 else "")
    else:
        name = object_name(cursor, kind, written)
    if kind in ON_TABLE or kind is ObjectKind.CONSTRAINT:
        cursor.need("on")
        # A constraint of a domain belongs to no table.
        domain = cursor.take("domain")
        table = cursor.name()
        table = None if domain else table
    cursor.need("is")
    text: str | None = None
    if not cursor.take("null"):
        if cursor.token.kind not in {"string", "placeholder"}:
            raise cursor.unexpected("a string or NULL")
        text = cursor.step().text
        while cursor.token.kind == "string":
            text += cursor.step().text
    return Comment(kind, name, table, text, written)
