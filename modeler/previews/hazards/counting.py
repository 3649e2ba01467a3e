"""Queries that count the rows which would break a constraint; for people to run on a replica."""

from __future__ import annotations

from collections.abc import Sequence

from modeler.previews.sql.commands import CreateIndex
from modeler.previews.sql.definitions import Constraint
from modeler.schema.sql_text import quoted_name


def duplicates(
    table: str, parts: Sequence[str], *, where: str = "", nulls_distinct: bool = True
) -> str:
    """Return the query that counts rows of which there is more than one.

    Args:
        table: as SQL.
        parts: columns and expressions of the key, as SQL.
        where: condition of the rows that count.
        nulls_distinct: two NULLs are no duplicates.
    """
    conditions = [f"({where})"] if where else []
    if nulls_distinct:
        conditions += [f"{part} IS NOT NULL" for part in parts]
    limited = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return (
        "SELECT coalesce(sum(copies), 0) FROM (SELECT count(*) AS copies "
        f"FROM {table}{limited} GROUP BY {', '.join(parts)} HAVING count(*) > 1) AS found;"
    )


def nulls(table: str, columns: Sequence[str]) -> str:
    """Return the query that counts rows with NULL in one of the columns."""
    return f"SELECT count(*) FROM {table} WHERE " + " OR ".join(
        f"{quoted_name(column)} IS NULL" for column in columns
    ) + ";"  # fmt: skip


def violations(table: str, expression: str) -> str:
    """Return the query that counts rows which a check refuses; it lets NULL pass."""
    return f"SELECT count(*) FROM {table} WHERE NOT ({expression});"


def orphans(table: str, columns: Sequence[str], parent: str, targets: Sequence[str]) -> str:
    """Return the query that counts rows whose key leads nowhere; a NULL in it lets a row pass."""
    filled = " AND ".join(f"own.{quoted_name(column)} IS NOT NULL" for column in columns)
    matched = " AND ".join(
        f"other.{quoted_name(target)} = own.{quoted_name(column)}"
        for column, target in zip(columns, targets, strict=True)
    )
    return (
        f"SELECT count(*) FROM {table} AS own WHERE {filled} AND NOT EXISTS "
        f"(SELECT 1 FROM {parent} AS other WHERE {matched});"
    )


def breaking(table: str, constraint: Constraint, *, parent: str = "") -> str:
    """Return the query that counts rows which break a constraint, ``""`` if it cannot be written.

    Args:
        table: the one it is added to, as SQL.
        constraint: as declared.
        parent: of a foreign key the other table, as SQL.
    """
    columns = [quoted_name(column) for column in constraint.columns]
    match constraint.kind:
        case "check":
            return violations(table, constraint.expression)
        case "not null":
            return nulls(table, constraint.columns)
        case "unique" if columns:
            return duplicates(table, columns, nulls_distinct=constraint.nulls_distinct)
        case "primary key" if columns:
            return duplicates(table, columns, nulls_distinct=False)
        case "foreign key":
            reference = constraint.references
            if reference and parent and len(reference.columns) == len(constraint.columns):
                return orphans(table, constraint.columns, parent, reference.columns)
    return ""


def breaking_index(table: str, command: CreateIndex) -> str:
    """Return the query that counts rows which keep a unique index from being built."""
    parts = [
        quoted_name(element.column) if element.column else f"({element.expression})"
        for element in command.elements
    ]
    return duplicates(table, parts, where=command.where, nulls_distinct=command.nulls_distinct)


def evidence(query: str) -> tuple[tuple[str, str], ...]:
    """Return a counting query as evidence of a finding; nothing where there is none."""
    return (("rows that would break it", query),) if query else ()
