"""Columns that are added with a foreign key, and the indexes that come with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.plan import Planned, Sent
from modeler.previews.sql.actions import AddColumn
from modeler.previews.sql.commands import CreateIndex


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A new column with REFERENCES.

    Attributes:
        sent: the statement that adds it.
        relation, column: where.
        target: the table that it refers to.
        indexes: statements of the same transaction that build an index of it alone.
    """

    sent: Sent
    relation: str
    column: str
    target: str
    indexes: tuple[Sent, ...] = ()

    @property
    def waits_too(self) -> str:
        """Return what a sentence says of the other table, ``""`` where it is the same."""
        other = self.target != self.relation
        return f"; writes to {self.target} wait as well" if other else ""


def key_columns(migration: Planned) -> Iterator[KeyColumn]:
    """Return them in the order in which they are added."""
    for sent, relation, action in migration.parts(AddColumn):
        targets = [part.references.table for part in action.column.constraints if part.references]
        if targets:
            yield KeyColumn(
                sent,
                relation,
                action.column.name,
                sent.relation(targets[0]),
                _indexes(migration, sent, relation, action.column.name),
            )


def _indexes(migration: Planned, added: Sent, relation: str, column: str) -> tuple[Sent, ...]:
    return tuple(
        sent
        for sent, command in migration.commands()
        if isinstance(command, CreateIndex)
        and sent.works(WorkKind.INDEX_BUILD)
        and sent.statement.transaction == added.statement.transaction
        and sent.relation(command.table) == relation
        and [element.column for element in command.elements] == [column]
    )
