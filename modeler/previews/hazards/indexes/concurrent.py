"""Statements and operations that work on indexes without blocking."""

from __future__ import annotations

from modeler.previews.sql.actions import DetachPartition
from modeler.previews.sql.commands import AlterRelation, Command, CreateIndex, Drop, Reindex

CONCURRENT_OPERATIONS = frozenset({"AddIndexConcurrently", "RemoveIndexConcurrently"})


def is_concurrent(command: Command) -> bool:
    """Tell whether PostgreSQL refuses a command in a transaction, because of CONCURRENTLY."""
    if isinstance(command, CreateIndex | Drop | Reindex):
        return command.concurrently
    return isinstance(command, AlterRelation) and any(
        isinstance(action, DetachPartition) and action.concurrently for action in command.actions
    )


def index_named(command: Command) -> str:
    """Return the name of the index (or table) that such a command speaks of."""
    if isinstance(command, CreateIndex):
        return command.name or f"an index of {command.table.name}"
    if isinstance(command, Drop):
        return ", ".join(found.name for found in command.names)
    return command.name.name if isinstance(command, Reindex | AlterRelation) else ""
