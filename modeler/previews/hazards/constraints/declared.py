"""Constraints as statements declare them, wherever they stand: at a table, a column, an ALTER."""

from __future__ import annotations

from collections.abc import Iterator

from modeler.previews.hazards.plan import Planned, Sent
from modeler.previews.sql.actions import AddColumn, AddConstraint
from modeler.previews.sql.commands import AlterRelation, CreateTable
from modeler.previews.sql.definitions import Constraint, Name


def declared_constraints(migration: Planned) -> Iterator[tuple[Sent, Name, Constraint]]:
    """Return every constraint that a migration declares, with its table; also of new tables."""
    for sent, command in migration.commands():
        if isinstance(command, CreateTable):
            columns, constraints = command.columns, command.constraints
        elif isinstance(command, AlterRelation):
            columns = tuple(
                action.column for action in command.actions if isinstance(action, AddColumn)
            )
            constraints = tuple(
                action.constraint
                for action in command.actions
                if isinstance(action, AddConstraint)
            )
        else:
            continue
        for column in columns:
            for constraint in column.constraints:
                yield sent, command.name, constraint
        for constraint in constraints:
            yield sent, command.name, constraint
