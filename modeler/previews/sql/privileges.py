"""GRANT, REVOKE and ALTER DEFAULT PRIVILEGES.

Source: PostgreSQL manual, those commands, 14 to 18.
"""

from __future__ import annotations

from modeler.previews.sql.commands import Privileges
from modeler.previews.sql.cursor import Cursor

OTHER_KINDS = (
    "sequence", "database", "domain", "foreign", "function", "procedure", "routine", "language",
    "large", "parameter", "schema", "tablespace", "type",
)  # fmt: skip


def privileges(cursor: Cursor, *, grants: bool) -> Privileges:
    """Read what follows GRANT or REVOKE."""
    ends = ("on", "to") if grants else ("on", "from")
    while not cursor.is_name(*ends):
        if cursor.ended:
            raise cursor.unexpected("ON" if grants else "ON or FROM")
        cursor.skip_group()
    if not cursor.take("on"):
        _rest(cursor)
        return Privileges(grants=grants)
    if cursor.take("all"):
        tables = cursor.take("tables")
        if not tables and not cursor.take_one_of(
            "sequences", "functions", "procedures", "routines"
        ):
            raise cursor.unexpected("TABLES, SEQUENCES, FUNCTIONS, PROCEDURES or ROUTINES")
        cursor.need("in", "schema")
        schemas = cursor.several(cursor.identifier)
        _rest(cursor)
        return Privileges(grants=grants, schemas=schemas if tables else ())
    if cursor.take("table") or not _of_others(cursor):
        names = cursor.several(cursor.name)
        _rest(cursor)
        return Privileges(names, grants)
    _rest(cursor)
    return Privileges(grants=grants)


def default_privileges(cursor: Cursor) -> Privileges:
    """Read what follows ``ALTER DEFAULT PRIVILEGES``: it touches no table that is there."""
    while not cursor.is_name("grant", "revoke"):
        if cursor.ended:
            raise cursor.unexpected("GRANT or REVOKE")
        cursor.step()
    grants = cursor.step().text == "grant"
    cursor.rest()
    return Privileges(grants=grants)


def _of_others(cursor: Cursor) -> bool:
    """Tell whether a kind other than tables is written; it is followed by a name."""
    following = cursor.tokens[min(cursor.position + 1, len(cursor.tokens) - 1)]
    named = following.kind in {"name", "quoted", "number"} and following.text not in {"to", "from"}
    return named and cursor.is_name(*OTHER_KINDS)


def _rest(cursor: Cursor) -> None:
    while not cursor.is_name("to", "from"):
        if cursor.ended:
            raise cursor.unexpected("TO or FROM")
        cursor.skip_group()
    cursor.step()
    if cursor.ended:
        raise cursor.unexpected("a role")
    cursor.rest()
