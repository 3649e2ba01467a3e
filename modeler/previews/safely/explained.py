"""What an error of the server means, in words that name the next step."""

from __future__ import annotations

from modeler.previews.safely.statements import read
from modeler.previews.safely.stopped import UNIQUE_VIOLATION, sqlstate
from modeler.previews.safely.twins import written
from modeler.previews.sql.actions import AddConstraint
from modeler.previews.sql.commands import AlterRelation, Command, CreateIndex
from modeler.schema.sql_text import quoted_name


def explained(error: BaseException, sql: str) -> tuple[str, ...]:
    """Return what the server said, a line each, and how to find the cause.

    Args:
        error: of the database.
        sql: the statement that failed.
    """
    lines = [line.strip() for line in str(error).strip().splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(("LINE ", "^"))]
    if sqlstate(error) == UNIQUE_VIOLATION:
        for command in read(sql):
            query = duplicates(command)
            if query:
                lines.append(f"Rows with equal values stand in the way; count them: {query}")
    return tuple(lines)


def duplicates(command: Command) -> str:
    """Return a query that counts the rows that keep a unique index from being made, or ``""``."""
    match command:
        case CreateIndex(unique=True) as index:
            keys = [
                quoted_name(one.column) if one.column else f"({one.expression})"
                for one in index.elements
            ]
            return _counting(written(index.table), keys, index.where, index.nulls_distinct)
        case AlterRelation(actions=(AddConstraint(constraint=wanted),)) if wanted.kind in (
            "unique",
            "primary key",
        ):
            keys = [quoted_name(column) for column in wanted.columns]
            if keys:
                return _counting(written(command.name), keys, "", wanted.nulls_distinct)
    return ""


def _counting(table: str, keys: list[str], where: str, nulls_distinct: bool) -> str:
    conditions = [f"({where})"] if where else []
    if nulls_distinct:  # NULLs are never equal
        conditions += [f"{key} IS NOT NULL" for key in keys]
    filtered = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    listed = ", ".join(keys)
    return (
        f"SELECT {listed}, count(*) FROM {table}{filtered} "
        f"GROUP BY {listed} HAVING count(*) > 1 ORDER BY count(*) DESC"
    )
