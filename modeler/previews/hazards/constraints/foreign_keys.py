"""Foreign keys that a migration adds to tables which were there before."""

from __future__ import annotations

from collections.abc import Iterator

from modeler.previews.hazards.locked import alterations, commands_of, table_named
from modeler.previews.hazards.plan import Planned, Sent
from modeler.previews.relation_names import relation_name
from modeler.previews.sql.actions import AddConstraint, DropConstraint
from modeler.previews.sql.commands import AlterRelation
from modeler.previews.sql.definitions import Constraint

# Django drops a key and makes it again where these operations change something about it: the
# rules of columns and tables speak of that.
REMAKING = frozenset({"AlterField", "RenameField", "RenameModel", "AlterModelTable"})


def new_foreign_keys(migration: Planned) -> Iterator[tuple[Sent, Constraint, str]]:
    """Return each foreign key added by ALTER TABLE … ADD CONSTRAINT, with its table."""
    for sent, _, action, table in alterations(migration):
        if isinstance(action, AddConstraint) and action.constraint.kind == "foreign key":
            yield sent, action.constraint, table


def referenced(migration: Planned, sent: Sent, constraint: Constraint) -> str:
    """Return the table that a foreign key refers to, as SQL; also one that the plan makes."""
    reference = constraint.references
    if reference is None:
        return ""
    return table_named(migration, sent, reference.table) or relation_name(
        reference.table.schema, reference.table.name
    )


def made_anew(migration: Planned, sent: Sent, table: str) -> bool:
    """Tell whether Django dropped a constraint of the table only to make it again."""
    operation = migration.operation(sent.statement.operation)
    if operation is None or operation.kind not in REMAKING:
        return False
    for earlier, command in commands_of(migration, sent.statement.operation):
        if earlier.position >= sent.position or not isinstance(command, AlterRelation):
            continue
        if table_named(migration, earlier, command.name) == table and any(
            isinstance(action, DropConstraint) for action in command.actions
        ):
            return True
    return False
