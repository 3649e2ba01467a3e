"""NOT NULL that no row has to be read for while anybody waits."""

from __future__ import annotations

from modeler.previews.effects.names_chosen import made_name
from modeler.previews.remedies.atom import Atom
from modeler.previews.remedies.change import Change, Fill, NoRemedy
from modeler.previews.remedies.statements import alter, quoted
from modeler.previews.sql.definitions import Column

# What a column without a default is filled with until a person writes something better.
PLACEHOLDERS = {
    **dict.fromkeys(("smallint", "integer", "bigint", "numeric", "double precision", "real"), "0"),
    **dict.fromkeys(("varchar", "character varying", "text", "char", "character"), "''"),
    "boolean": "false",
    "jsonb": "'{}'",
    "date": "CURRENT_DATE",
    **dict.fromkeys(("timestamp with time zone", "timestamptz"), "now()"),
}


def proven_not_null(atom: Atom, column: str) -> tuple[Change, ...]:
    """Return the changes that set NOT NULL, a guard against further NULLs first.

    A validated CHECK proves to SET NOT NULL that there is none (manual, ALTER TABLE), and
    validating lets reads and writes go on.
    """
    table, guard, name = atom.table, quoted(_guard(atom, column)), quoted(column)
    return (
        Change(
            alter(table, f"ADD CONSTRAINT {guard} CHECK ({name} IS NOT NULL) NOT VALID"),
            alter(table, f"DROP CONSTRAINT IF EXISTS {guard}"),
            table,
            "present",
            "No further row without a value; those that are there are looked at later.",
        ),
        Change(
            alter(table, f"VALIDATE CONSTRAINT {guard}"),
            "",
            table,
            "validate_present",
            "It reads every row, and lets reads and writes go on.",
            works=True,
        ),
        Change(
            alter(table, f"ALTER COLUMN {name} SET NOT NULL"),
            alter(table, f"ALTER COLUMN {name} DROP NOT NULL"),
            table,
            "not_null",
            "The validated check proves it, so that no row is read.",
        ),
        # In a statement of its own: within one, constraints are dropped first.
        Change(alter(table, f"DROP CONSTRAINT IF EXISTS {guard}"), "", table, "not_null"),
    )


def filled(atom: Atom, column: str, key: str, value: str, *, guarded: bool) -> Fill:
    """Return the filling of a column.

    Args:
        key: the primary key's column.
        value: SQL.
        guarded: no further NULL comes in after it; the guard is that of ``proven_not_null``.

    Raises:
        NoRemedy: there is no key to go along.
    """
    if not key:
        raise NoRemedy("the table has no primary key of one column to go along")
    table, guard, name = atom.table, quoted(_guard(atom, column)), quoted(column)
    drop = f"DROP CONSTRAINT IF EXISTS {guard}"
    check = f"ADD CONSTRAINT {guard} CHECK ({name} IS NOT NULL) NOT VALID"
    return Fill(
        table,
        name,
        quoted(key),
        value,
        alter(table, drop, check) if guarded else "",
        alter(table, drop) if guarded else "",
    )


def placeholder(column: Column) -> str:
    """Return a value for rows that are there, where nothing says which.

    Raises:
        NoRemedy: none fits the column's type, or it refers to rows of another table.
    """
    if any(part.kind == "foreign key" for part in column.constraints):
        raise NoRemedy(
            "nothing says which row those that are there refer to; let it be NULL first"
        )
    kind = column.type.lower().partition("(")[0].strip()
    value = PLACEHOLDERS.get(kind)
    if value is None:
        raise NoRemedy(f"nothing says which {kind} rows that are there get; give a default")
    return value


def _guard(atom: Atom, column: str) -> str:
    return made_name(atom.bare, column, "present")
