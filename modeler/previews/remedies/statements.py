"""The text of statements, from what the reader says of them.

Source: PostgreSQL manual, ALTER TABLE and CREATE INDEX, 14 to 18.
"""

from __future__ import annotations

import re
from dataclasses import replace

from modeler.previews.sql import actions
from modeler.previews.sql.actions import Action
from modeler.previews.sql.definitions import Column, Constraint, Name


def quoted(name: str) -> str:
    """Return a name in quotes, as Django writes them."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def table_text(name: Name) -> str:
    return f"{quoted(name.schema)}.{quoted(name.name)}" if name.schema else quoted(name.name)


def alter(table: str, *parts: str) -> str:
    return f"ALTER TABLE {table} {', '.join(parts)}"


def action_text(action: Action) -> str | None:
    """Return an action as ALTER TABLE takes it, None for those that are not written here."""
    match action:
        case actions.AddColumn(column=column):
            return f"ADD COLUMN {column_text(column)}"
        case actions.DropColumn(column=column, cascade=cascade):
            return f"DROP COLUMN {quoted(column)}{' CASCADE' if cascade else ''}"
        case actions.SetDefault(column=column, expression=None):
            return f"ALTER COLUMN {quoted(column)} DROP DEFAULT"
        case actions.SetDefault(column=column, expression=expression):
            return f"ALTER COLUMN {quoted(column)} SET DEFAULT {expression}"
        case actions.SetNotNull(column=column):
            return f"ALTER COLUMN {quoted(column)} SET NOT NULL"
        case actions.DropNotNull(column=column):
            return f"ALTER COLUMN {quoted(column)} DROP NOT NULL"
        case actions.AlterType(column=column, type=kind, using=using, collation=collation):
            text = f"ALTER COLUMN {quoted(column)} TYPE {kind}"
            text += f" COLLATE {collation}" if collation else ""
            return text + (f" USING {using}" if using else "")
        case actions.AddConstraint(constraint=constraint):
            text = constraint_text(constraint)
            return f"ADD {text}" if text else None
        case actions.DropConstraint(name=name):
            return f"DROP CONSTRAINT {quoted(name)}"
        case actions.ValidateConstraint(name=name):
            return f"VALIDATE CONSTRAINT {quoted(name)}"
        case actions.Rename(to=to, column=column) if column:
            return f"RENAME COLUMN {quoted(column)} TO {quoted(to)}"
        case actions.Rename(to=to, constraint=constraint) if constraint:
            return f"RENAME CONSTRAINT {quoted(constraint)} TO {quoted(to)}"
        case actions.Rename(to=to):
            return f"RENAME TO {quoted(to)}"
    return None


def column_text(column: Column) -> str:
    """Return a column with NOT NULL, and without any other constraint."""
    text = f"{quoted(column.name)} {column.type}"
    if column.collation:
        text += f" COLLATE {column.collation}"
    if column.default is not None:
        text += f" DEFAULT {column.default}"
    return text + (" NOT NULL" if column.not_null else " NULL")


def constraint_text(constraint: Constraint) -> str:
    """Return a check, foreign key or unique constraint; ``""`` for other kinds."""
    match constraint.kind:
        case "check":
            text = f"CHECK ({constraint.expression})"
        case "foreign key" if constraint.references:
            reference = constraint.references
            text = f"FOREIGN KEY ({names_text(constraint.columns)}) "
            text += f"REFERENCES {table_text(reference.table)}"
            text += f" ({names_text(reference.columns)})" if reference.columns else ""
            text += f" ON DELETE {reference.on_delete.upper()}" if reference.on_delete else ""
            text += f" ON UPDATE {reference.on_update.upper()}" if reference.on_update else ""
        case "unique" if constraint.using_index:
            text = f"UNIQUE USING INDEX {quoted(constraint.using_index)}"
        case "unique":
            nulls = "" if constraint.nulls_distinct else " NULLS NOT DISTINCT"
            text = f"UNIQUE{nulls} ({names_text(constraint.columns)})"
        case _:
            return ""
    if constraint.deferrable:
        text += " DEFERRABLE INITIALLY " + ("DEFERRED" if constraint.deferred else "IMMEDIATE")
    if not constraint.inherited:
        text += " NO INHERIT"
    if not constraint.enforced:
        text += " NOT ENFORCED"
    elif not constraint.valid:
        text += " NOT VALID"
    return f"CONSTRAINT {quoted(constraint.name)} {text}" if constraint.name else text


def names_text(names: tuple[str, ...]) -> str:
    return ", ".join(quoted(name) for name in names)


def unique_index(table: str, constraint: Constraint) -> str:
    """Return the statement that builds a unique constraint's index beforehand."""
    nulls = "" if constraint.nulls_distinct else " NULLS NOT DISTINCT"
    return (
        f"CREATE UNIQUE INDEX CONCURRENTLY {quoted(constraint.name)} ON {table} "
        f"({names_text(constraint.columns)}){nulls}"
    )


def over_index(constraint: Constraint) -> Constraint:
    """Return a unique constraint upon an index of its own name."""
    return replace(constraint, using_index=constraint.name)


def concurrently(statement: str) -> str:
    """Return CREATE INDEX or DROP INDEX with CONCURRENTLY; it was read as one before."""
    return re.sub(r"\bINDEX\b", "INDEX CONCURRENTLY", without_end(statement), count=1, flags=re.I)


def without_end(statement: str) -> str:
    return statement.strip().rstrip(";").rstrip()
