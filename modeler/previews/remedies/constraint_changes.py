"""Constraints that are added in two steps, of which only the quick one locks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from modeler.previews.effects.names_chosen import made_name
from modeler.previews.remedies.atom import Atom
from modeler.previews.remedies.change import Change
from modeler.previews.remedies.index_changes import BY_ITSELF
from modeler.previews.remedies.statements import (
    alter,
    constraint_text,
    over_index,
    quoted,
    table_text,
    unique_index,
)
from modeler.previews.sql import actions
from modeler.previews.sql.definitions import Constraint, Name

LABELS = {"check": "check", "unique": "key", "foreign key": "fkey"}


def named(atom: Atom, constraint: Constraint) -> Constraint:
    """Give a column's constraint the name that PostgreSQL would choose."""
    if constraint.name:
        return constraint
    label = LABELS[constraint.kind]
    return replace(constraint, name=made_name(atom.bare, "_".join(constraint.columns), label))


def validated_later(atom: Atom, constraint: Constraint) -> tuple[Change, ...]:
    """Return a check or foreign key that is NOT VALID first, and validated."""
    word = "check" if constraint.kind == "check" else "foreign_key"
    name = quoted(constraint.name)
    return (
        Change(
            alter(atom.table, f"ADD {constraint_text(replace(constraint, valid=False))}"),
            alter(atom.table, f"DROP CONSTRAINT IF EXISTS {name}"),
            atom.table,
            word,
            "New rows obey it from here on; those that are there are looked at later.",
        ),
        Change(
            alter(atom.table, f"VALIDATE CONSTRAINT {name}"),
            "",
            atom.table,
            f"validate_{word}",
            "It reads every row, and lets reads and writes go on.",
            works=True,
        ),
    )


def unique_over_index(atom: Atom, constraint: Constraint) -> tuple[Change, ...]:
    """Return a unique index that is built concurrently, and the constraint upon it."""
    schema = atom.name.schema if atom.name else ""
    return (
        Change(
            unique_index(atom.table, constraint),
            f"DROP INDEX CONCURRENTLY IF EXISTS {table_text(Name(constraint.name, schema))}",
            atom.table,
            "unique_index",
            f"{BY_ITSELF} Duplicates make it fail and leave an invalid index of that name "
            "behind: drop it before the next try.",
            concurrent=True,
            works=True,
        ),
        Change(
            alter(atom.table, f"ADD {constraint_text(over_index(constraint))}"),
            alter(atom.table, f"DROP CONSTRAINT IF EXISTS {quoted(constraint.name)}"),
            atom.table,
            "unique",
            "The index is there: the constraint takes it over at once.",
        ),
    )


def as_renamed(constraint: Constraint, name: str, atoms: Sequence[Atom]) -> Constraint:
    """Return a foreign key under another name, after what commands rename meanwhile."""
    reference = constraint.references
    columns = constraint.columns
    for atom in atoms:
        match atom.action:
            case actions.Rename(to=to, column=old) if old:
                columns = tuple(to if column == old else column for column in columns)
            case actions.Rename(to=to, constraint="") if reference:
                if reference.table == atom.name:
                    reference = replace(reference, table=replace(reference.table, name=to))
    return replace(constraint, name=name, columns=columns, references=reference)


def renamed_constraint(table: str, old: str, new: str) -> Change:
    """Return the change of a constraint's name alone."""
    return Change(
        alter(table, f"RENAME CONSTRAINT {quoted(old)} TO {quoted(new)}"),
        alter(table, f"RENAME CONSTRAINT {quoted(new)} TO {quoted(old)}"),
        table,
        "constraint",
        "It stays what it is, so that no row has to be checked again.",
    )
