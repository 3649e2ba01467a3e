"""Kinds of objects as statements write them, and how each names its objects.

Source: PostgreSQL manual, DROP … and COMMENT, 14 to 18.
"""

from __future__ import annotations

from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.definitions import Name, ObjectKind
from modeler.previews.sql.type_names import read_type

OF_KIND: dict[str, ObjectKind] = {
    "table": ObjectKind.TABLE,
    "index": ObjectKind.INDEX,
    "view": ObjectKind.VIEW,
    "materialized view": ObjectKind.MATERIALIZED_VIEW,
    "sequence": ObjectKind.SEQUENCE,
    "foreign table": ObjectKind.FOREIGN_TABLE,
    "column": ObjectKind.COLUMN,
    "constraint": ObjectKind.CONSTRAINT,
    "trigger": ObjectKind.TRIGGER,
    "rule": ObjectKind.RULE,
    "policy": ObjectKind.POLICY,
    "type": ObjectKind.TYPE,
    "domain": ObjectKind.DOMAIN,
    "function": ObjectKind.FUNCTION,
    "procedure": ObjectKind.FUNCTION,
    "routine": ObjectKind.FUNCTION,
    "aggregate": ObjectKind.FUNCTION,
    "schema": ObjectKind.SCHEMA,
    "extension": ObjectKind.EXTENSION,
    "statistics": ObjectKind.STATISTICS,
}
OTHERS = (
    "access method", "cast", "collation", "conversion", "database", "event trigger",
    "foreign data wrapper", "group", "language", "large object", "operator class",
    "operator family", "operator", "procedural language", "publication", "role", "server",
    "subscription", "tablespace", "text search configuration", "text search dictionary",
    "text search parser", "text search template", "transform", "user mapping", "user",
)  # fmt: skip
# The longest first, by their first word.
PHRASES: dict[str, list[tuple[str, ...]]] = {}
for _words in sorted((*OF_KIND, *OTHERS), key=len, reverse=True):
    PHRASES.setdefault(_words.split()[0], []).append(tuple(_words.split()))
ON_TABLE = frozenset({ObjectKind.TRIGGER, ObjectKind.RULE, ObjectKind.POLICY})


def read_kind(cursor: Cursor) -> tuple[ObjectKind, str]:
    """Read the words of a kind and return it with those words in lower case.

    Raises:
        FormatError: there is no such kind.
    """
    if cursor.token.kind == "name":
        for words in PHRASES.get(cursor.token.text, ()):
            if cursor.take(*words):
                written = " ".join(words)
                return OF_KIND.get(written, ObjectKind.OTHER), written
    raise cursor.unexpected("a kind of object")


def object_name(cursor: Cursor, kind: ObjectKind, written: str) -> Name:
    """Read the name of an object; a table after ON is left to the caller.

    A cast, a transform and a user mapping have no name: theirs is the text that tells which.
    """
    start = cursor.position
    if kind is ObjectKind.FUNCTION:
        name = cursor.name()
        if cursor.is_mark("("):
            cursor.skip_group()
        return name
    match written:
        case "cast":
            return Name(cursor.bracketed())
        case "operator":
            name = operator_name(cursor)
            cursor.bracketed()
            return name
        case "operator class" | "operator family":
            name = cursor.name()
            cursor.need("using")
            cursor.identifier()
            return name
        case "transform":
            cursor.need("for")
            read_type(cursor)
            cursor.need("language")
            cursor.identifier()
            return Name(cursor.text(start + 1))
        case "user mapping":
            cursor.need("for")
            cursor.label()
            cursor.need("server")
            cursor.identifier()
            return Name(cursor.text(start + 1))
        case "large object":
            return Name(cursor.step().text)
        case "type" | "domain":
            name = Name(read_type(cursor))
            # One that is written as a plain name keeps its schema apart.
            cursor.position, end = start, cursor.position
            if cursor.at_identifier():
                plain = cursor.name()
                if cursor.position == end:
                    return plain
            cursor.position = end
            return name
        case "role" | "user" | "group":
            return Name(cursor.label())
    return cursor.name()


def operator_name(cursor: Cursor) -> Name:
    """Read ``+`` or ``schema.+``."""
    schema = ""
    while cursor.token.kind in {"name", "quoted"}:
        schema = cursor.step().text
        cursor.expect(".")
    if cursor.token.kind != "operator":
        raise cursor.unexpected("an operator")
    return Name(cursor.step().text, schema)
