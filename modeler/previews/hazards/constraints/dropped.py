"""Constraints that a migration drops for their own sake."""

from __future__ import annotations

from collections.abc import Iterator

from modeler.postgres.locks import LockMode
from modeler.previews.hazards.locked import (
    adds_constraint,
    alterations,
    commands_of,
    drops_more,
)
from modeler.previews.hazards.plan import Planned, Sent
from modeler.previews.sql.actions import DropConstraint


def lone_drops(
    migration: Planned,
) -> Iterator[tuple[Sent, DropConstraint, str, tuple[str, ...]]]:
    """Return each DROP CONSTRAINT with its table and the other tables that it locks.

    Left out is what is dropped to be made anew, or goes with its column or table: there the
    constraint is not the matter.
    """
    for sent, command, action, table in alterations(migration):
        if not isinstance(action, DropConstraint):
            continue
        same = [found for _, found in commands_of(migration, sent.statement.operation)]
        if any(
            adds_constraint(found, command.name) or drops_more(found, command.name)
            for found in same
        ):
            continue
        others = {
            lock.relation
            for lock in sent.locks
            if lock.kind.holds_rows
            and lock.mode is LockMode.ACCESS_EXCLUSIVE
            and lock.relation != table
        }
        yield sent, action, table, tuple(sorted(others))
