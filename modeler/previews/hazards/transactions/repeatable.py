"""Which operations may run a second time after a failure."""

from __future__ import annotations

from modeler.previews.hazards.locked import commands_of
from modeler.previews.hazards.plan import Planned
from modeler.previews.sql import actions
from modeler.previews.sql.commands import (
    AlterRelation,
    Command,
    Comment,
    CreateIndex,
    CreateObject,
    CreateSequence,
    CreateTable,
    CreateView,
    Drop,
    Maintain,
    Query,
    Reindex,
    SetConstraints,
    SetParameter,
    Transaction,
)

GUARDED = (
    CreateTable, CreateIndex, CreateSequence, CreateView, CreateObject, Drop,
)  # fmt: skip
# They come to the same however often they run.
SAME_AGAIN = (
    SetParameter, SetConstraints, Transaction, Query, Comment, Reindex, Maintain,
)  # fmt: skip
ACTIONS_SAME_AGAIN = (
    actions.SetDefault, actions.SetNotNull, actions.DropNotNull, actions.ValidateConstraint,
    actions.SetOptions, actions.SetColumnOption, actions.ToggleTrigger, actions.SetOwner,
)  # fmt: skip


def changes_something(command: Command) -> bool:
    """Tell whether a command changes the schema or rows."""
    if isinstance(command, Query):
        return bool(command.writes)
    return not isinstance(command, SetParameter | SetConstraints | Transaction)


def lacks_guard(command: Command) -> bool:
    """Tell whether a command fails when its work is done already."""
    if isinstance(command, GUARDED):
        return not (
            getattr(command, "if_not_exists", False)
            or getattr(command, "if_exists", False)
            or getattr(command, "or_replace", False)
        )
    if isinstance(command, AlterRelation):
        return any(
            not isinstance(action, ACTIONS_SAME_AGAIN)
            and not getattr(action, "if_not_exists", False)
            and not getattr(action, "if_exists", False)
            for action in command.actions
        )
    return not isinstance(command, SAME_AGAIN)


def is_repeatable(migration: Planned, position: int) -> bool:
    """Tell whether an operation may run again; code on rows is taken to see to that itself."""
    operations = migration.preview.operations
    if position < len(operations) and operations[position].python:
        return True
    return not any(lacks_guard(command) for _, command in commands_of(migration, position))
