"""Which tables a statement finds locked, by itself or by those before it in its transaction.

A trace shows a lock with the statement that was granted it and not again, so that a rule that asks
what is locked must look back to the transaction's beginning.
"""

from __future__ import annotations

from collections.abc import Iterator

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import Lock, Work, WorkKind
from modeler.previews.hazards.plan import Planned, Sent
from modeler.previews.relation_names import relation_name
from modeler.previews.sql.actions import Action, AddColumn, AddConstraint, DropColumn
from modeler.previews.sql.commands import AlterRelation, Command, Drop
from modeler.previews.sql.definitions import Name

# Work with the project's rows that a migration asks for itself.
ON_ROWS = frozenset({WorkKind.ROWS, WorkKind.READ})


def until(migration: Planned, sent: Sent) -> Iterator[Sent]:
    """Return the statements of the same transaction up to this one, which counts."""
    for earlier in migration.sent[: sent.position + 1]:
        if earlier.statement.transaction == sent.statement.transaction:
            yield earlier


def locks_until(migration: Planned, sent: Sent) -> Iterator[tuple[Sent, Lock]]:
    """Return the locks that are held while a statement runs, with the one that took each."""
    for earlier in until(migration, sent):
        for lock in earlier.locks:
            yield earlier, lock


def table_named(migration: Planned, sent: Sent, name: Name) -> str:
    """Return the relation's name of a table that was there before the plan, else ``""``."""
    wanted = {relation_name(name.schema, name.name), relation_name("", name.name)}
    for _, lock in locks_until(migration, sent):
        if lock.relation in wanted and lock.kind.holds_rows:
            return lock.relation
    return ""


def holder(
    migration: Planned, sent: Sent, table: str, *, mode: LockMode = LockMode.ACCESS_EXCLUSIVE
) -> Sent | None:
    """Return the earlier statement of the transaction that took a lock at least that strong."""
    for earlier, lock in locks_until(migration, sent):
        if (
            earlier.position < sent.position
            and lock.relation == table
            and lock.mode.strength >= mode.strength
        ):
            return earlier
    return None


def alterations(
    migration: Planned,
) -> Iterator[tuple[Sent, AlterRelation, Action, str]]:
    """Return every part of every ALTER of a table that was there before the plan."""
    for sent, command in migration.commands():
        if isinstance(command, AlterRelation):
            table = table_named(migration, sent, command.name)
            if table:
                for action in command.actions:
                    yield sent, command, action, table


def work_on(sent: Sent, table: str, *kinds: WorkKind) -> Work | None:
    """Return the statement's first work of these kinds on a table."""
    return next(
        (entry for entry in sent.work if entry.kind in kinds and entry.relation == table), None
    )


def commands_of(migration: Planned, operation: int) -> Iterator[tuple[Sent, Command]]:
    """Return the commands of one operation."""
    for sent in migration.of_operation(operation):
        for command in sent.commands:
            yield sent, command


def adds_constraint(command: Command, name: Name) -> bool:
    """Tell whether a command adds a constraint to a table."""
    return (
        isinstance(command, AlterRelation)
        and command.name == name
        and any(
            isinstance(action, AddConstraint)
            or (isinstance(action, AddColumn) and bool(action.column.constraints))
            for action in command.actions
        )
    )


def drops_more(command: Command, name: Name) -> bool:
    """Tell whether a command drops a table or a column of it."""
    if isinstance(command, Drop):
        return any(found.name == name.name for found in command.names)
    return (
        isinstance(command, AlterRelation)
        and command.name == name
        and any(isinstance(action, DropColumn) for action in command.actions)
    )
