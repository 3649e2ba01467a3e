"""Columns whose name another column of their table takes in the same transaction."""

from __future__ import annotations

from modeler.previews.hazards.plan import Planned
from modeler.previews.sql.actions import AddConstraint, DropColumn, Rename
from modeler.previews.sql.commands import AlterRelation


def swapped_columns(migration: Planned) -> dict[tuple[str, str], str]:
    """Return the column that takes its place, by relation and dropped column."""
    dropped = {
        (relation, action.column, sent.statement.transaction): sent.position
        for sent, relation, action in migration.parts(DropColumn)
    }
    found = {}
    for sent, relation, action in migration.parts(Rename):
        if not action.column:
            continue
        before = dropped.get((relation, action.to, sent.statement.transaction))
        if before is not None and before <= sent.position:
            found[relation, action.to] = action.column
    return found


def names_taken(migration: Planned) -> frozenset[str]:
    """Return the names that constraints, indexes and columns get by being renamed or added."""
    return frozenset(
        action.to if isinstance(action, Rename) else action.constraint.name
        for _, command in migration.commands()
        if isinstance(command, AlterRelation)
        for action in command.actions
        if isinstance(action, Rename | AddConstraint)
    )
