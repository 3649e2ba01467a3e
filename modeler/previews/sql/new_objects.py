"""CREATE of what is no relation: types, domains, functions, schemas, extensions, …

Source: PostgreSQL manual, CREATE …, 14 to 18. Bodies of functions and options are stepped over.
"""

from __future__ import annotations

from modeler.previews.sql.columns import domain_constraints
from modeler.previews.sql.commands import CreateObject, CreateStatistics
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.definitions import Name, ObjectKind
from modeler.previews.sql.kinds import object_name, operator_name, read_kind
from modeler.previews.sql.publications import published_tables
from modeler.previews.sql.type_names import read_type


def create_object(cursor: Cursor, *, or_replace: bool) -> CreateObject:
    """Read what follows ``CREATE [OR REPLACE]``, from the words of the kind on.

    Raises:
        FormatError: nothing of that kind can be created.
    """
    for word in ("default", "trusted"):  # CONVERSION, LANGUAGE
        cursor.take(word)
    cursor.take("procedural")
    kind, written = read_kind(cursor)
    absent = cursor.take("if", "not", "exists")
    if kind is ObjectKind.DOMAIN:
        return _domain(cursor, written)
    match written:
        case "operator":
            name = operator_name(cursor)
        case "operator class" | "type":  # other words stand before USING; or sizes follow
            name = cursor.name()
        case _:
            name = object_name(cursor, kind, written)
    tables = published_tables(cursor) if written == "publication" else ()
    if kind is ObjectKind.TYPE and not (cursor.ended or cursor.is_mark("(")):
        cursor.need("as")
    cursor.rest()
    return CreateObject(kind, name, or_replace, absent, written, tables=tables)


def create_statistics(cursor: Cursor) -> CreateStatistics:
    """Read what follows ``CREATE STATISTICS``; PostgreSQL 16 finds a name where none is given."""
    absent = cursor.take("if", "not", "exists")
    nameless = cursor.is_mark("(") or cursor.is_name("on")
    name = Name("") if nameless else cursor.name()
    if cursor.is_mark("("):
        cursor.bracketed()
    cursor.need("on")
    while not cursor.at("from"):
        if cursor.ended:
            raise cursor.unexpected("FROM")
        cursor.skip_group()
    cursor.need("from")
    return CreateStatistics(name, cursor.several(lambda: _aliased(cursor)), absent)


def _aliased(cursor: Cursor) -> Name:
    """Read a table of a FROM, and pass over its alias."""
    table = cursor.relation()
    if cursor.take("as") or cursor.at_identifier():
        cursor.identifier()
    return table


def _domain(cursor: Cursor, written: str) -> CreateObject:
    name = cursor.name()
    cursor.take("as")
    base = read_type(cursor)
    constraints = domain_constraints(cursor)
    return CreateObject(
        ObjectKind.DOMAIN, name, written=written, type=base, constraints=constraints
    )  # fmt: skip
