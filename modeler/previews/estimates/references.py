"""Which columns refer to which tables, so that made-up rows find the rows they refer to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from modeler.postgres.catalogs import rows
from modeler.previews.relation_names import parts_of
from modeler.previews.sql.actions import AddConstraint
from modeler.previews.sql.commands import AlterRelation, Command

KEYS = """
SELECT k.conrelid::regclass::text AS "table", a.attname::text AS "column",
       k.confrelid::regclass::text AS target
FROM pg_constraint k
JOIN LATERAL unnest(k.conkey) AS c(number) ON true
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.number
WHERE k.contype = 'f' AND k.conrelid = ANY(%s::regclass[])
"""


def references_of(
    cursor: Any, commands: tuple[Command, ...], tables: Collection[str]
) -> dict[tuple[str, str], str]:
    """Return the target of each referring column, those that a statement adds included.

    Args:
        cursor: of the clone.
        commands: the statement, read.
        tables: by name; other tables are left out, on either side.

    Returns:
        By table and column.
    """
    found = {
        (row["table"], row["column"]): row["target"]
        for row in rows(cursor, KEYS, [list(tables)])
        if row["target"] in tables
    }
    for command in commands:
        found.update(_added(command, tables))
    return found


def _added(command: Command, tables: Collection[str]) -> Iterator[tuple[tuple[str, str], str]]:
    if not isinstance(command, AlterRelation):
        return
    named = {parts_of(table): table for table in tables}
    own = named.get((command.name.schema, command.name.name))
    for action in command.actions:
        if own and isinstance(action, AddConstraint) and action.constraint.references:
            target = action.constraint.references.table
            found = named.get((target.schema, target.name))
            for column in action.constraint.columns:
                if found:
                    yield (own, column), found
