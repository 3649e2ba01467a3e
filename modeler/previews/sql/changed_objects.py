"""ALTER of what is no relation: types, domains, functions, schemas, extensions, …

Source: PostgreSQL manual, ALTER …, 14 to 18.
"""

from __future__ import annotations

from typing import Any

from modeler.previews.sql.commands import AlterObject
from modeler.previews.sql.constraints import table_constraint
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.definitions import Constraint, Name, ObjectKind
from modeler.previews.sql.kinds import ON_TABLE, object_name, read_kind
from modeler.previews.sql.publications import published_tables
from modeler.previews.sql.relation_actions import cascades

# First words of what may be done, the longest first; of others the first word alone is told.
ACTIONS = (
    ("add", "value"), ("rename", "value"), ("add", "attribute"), ("drop", "attribute"),
    ("alter", "attribute"), ("rename", "attribute"), ("rename", "constraint"), ("rename", "to"),
    ("set", "schema"), ("set", "default"), ("set", "not", "null"), ("set", "statistics"),
    ("set", "tablespace"), ("set", "table"), ("owner", "to"), ("add", "constraint"),
    ("add", "check"), ("add", "not", "null"), ("add", "table"), ("drop", "table"),
    ("drop", "constraint"), ("drop", "default"), ("drop", "not", "null"),
    ("validate", "constraint"), ("depends", "on", "extension"), ("no", "depends"),
    ("refresh", "version"), ("refresh", "publication"),
)  # fmt: skip


def alter_object(cursor: Cursor) -> AlterObject:
    """Read what follows ALTER.

    Raises:
        FormatError: nothing of that kind can be altered.
    """
    if cursor.take("system"):
        return AlterObject(ObjectKind.OTHER, Name(""), _first_word(cursor), written="system")
    cursor.take("procedural")
    kind, written = read_kind(cursor)
    name = object_name(cursor, kind, written)
    facts: dict[str, Any] = {"written": written}
    if kind in ON_TABLE:
        cursor.need("on")
        facts["table"] = cursor.name()
    action = next((words for words in ACTIONS if cursor.at(*words)), None)
    if action is None:
        return AlterObject(kind, name, _first_word(cursor), **facts)
    text = " ".join(action).removesuffix(" to")
    if text in {"add check", "add not null"} or text == "add constraint":
        cursor.need("add")
        constraint = _domain_constraint(cursor)
        facts |= {
            "constraint": constraint, "value": constraint.name, "valid": constraint.valid,
        }  # fmt: skip
        text = "add constraint"
    elif text in {"add table", "drop table", "set table"}:
        cursor.need(action[0])
        facts["tables"] = published_tables(cursor)
    else:
        cursor.need(*action)
        _details(cursor, text, facts)
    return AlterObject(kind, name, text, **facts)


def _details(cursor: Cursor, text: str, facts: dict[str, Any]) -> None:
    """Read what follows the words of an action."""
    match text:
        case "add value":
            cursor.take("if", "not", "exists")
            facts["value"] = _string(cursor)
            if cursor.take_one_of("before", "after"):
                _string(cursor)
        case "rename value":
            facts["value"] = _string(cursor)
            cursor.need("to")
            facts["to"] = _string(cursor)
        case "rename attribute" | "rename constraint":
            facts["value"] = cursor.identifier()
            cursor.need("to")
            facts["to"] = cursor.identifier()
            facts["cascade"] = cascades(cursor)
        case "rename":
            facts["to"] = cursor.identifier()
            facts["cascade"] = cascades(cursor)
        case "drop constraint" | "validate constraint" | "drop attribute":
            cursor.take("if", "exists")
            facts["value"] = cursor.identifier()
            facts["cascade"] = cascades(cursor)
            # Several attributes may be changed in one statement.
            if cursor.is_mark(","):
                cursor.rest()
        case "set schema" | "owner":
            facts["to"] = cursor.label()
        case "add attribute" | "alter attribute":
            facts["value"] = cursor.identifier()
            facts["cascade"] = cursor.rest().lower().endswith("cascade")
        case _:
            cursor.rest()


def _domain_constraint(cursor: Cursor) -> Constraint:
    name = cursor.identifier() if cursor.take("constraint") else ""
    if cursor.take("not", "null"):
        return Constraint("not null", name)
    if name:
        cursor.position -= 2
    return table_constraint(cursor)


def _string(cursor: Cursor) -> str:
    if cursor.token.kind not in {"string", "placeholder"}:
        raise cursor.unexpected("a string")
    return cursor.step().text


def _first_word(cursor: Cursor) -> str:
    """Read the rest, such as ``SET work_mem = …`` of a function; its first word tells."""
    if cursor.token.kind not in {"name", "mark"}:
        raise cursor.unexpected("what to alter")
    word = "set" if cursor.is_mark("(") else cursor.token.text
    cursor.rest()
    return word
