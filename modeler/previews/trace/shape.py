"""Which statements cannot share a transaction, by what they say."""

from __future__ import annotations

from modeler.previews.sql.actions import DetachPartition
from modeler.previews.sql.commands import (
    AlterRelation,
    Command,
    CreateIndex,
    Drop,
    Maintain,
    Reindex,
    Transaction,
)

Outside = CreateIndex | Drop | Reindex | AlterRelation | Maintain


def waits_outside(commands: tuple[Command, ...]) -> Outside | None:
    """Return the command that PostgreSQL refuses inside of a transaction block, if it is one."""
    for command in commands:
        match command:
            case (
                CreateIndex(concurrently=True)
                | Drop(concurrently=True)
                | Reindex(concurrently=True)
            ):
                return command
            case Maintain(verb="vacuum" | "vacuum full"):
                return command
            case Reindex(target="schema" | "database" | "system"):
                return command
            case AlterRelation(actions=(DetachPartition(concurrently=True),)):
                return command
    return None


def commits(commands: tuple[Command, ...]) -> bool:
    """Tell whether the text begins or ends a transaction itself."""
    return any(
        isinstance(command, Transaction) and command.verb in {"begin", "commit", "rollback"}
        for command in commands
    )
