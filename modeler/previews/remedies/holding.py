"""Locks that writers wait for while work goes on, of tables that somebody uses."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import Lock, Work
from modeler.previews.holds import Hold, Part, holds_of
from modeler.previews.relation_names import relation_name
from modeler.previews.sql.commands import AlterRelation, CreateIndex
from modeler.previews.sql.reader import read_statements
from modeler.previews.statement import Statement


def made_by(statements: Iterable[Statement]) -> frozenset[str]:
    """Return the relations that statements make, by both accounts."""
    return frozenset(
        name
        for statement in statements
        for part in (statement.effects, statement.trace)
        if part
        for name in part.creates
    )


def blocking(
    statements: tuple[Statement, ...], part: Part, made: frozenset[str]
) -> tuple[Hold, ...]:
    """Return the holds that keep writers waiting during work that grows with rows.

    Args:
        statements: of one migration.
        part: whose account counts, see ``holds_of``.
        made: relations that nobody uses yet. What is done to such a table is no work, since it is
            empty; nor is its foreign key, though it names a table that is full.
    """

    def used(statement: Statement) -> tuple[tuple[Lock, ...], tuple[Work, ...]]:
        locks, work = part(statement)
        if work and _tables(statement) <= made:
            work = ()
        return (
            tuple(lock for lock in locks if not {lock.relation, lock.table} & made),
            tuple(entry for entry in work if entry.relation not in made),
        )

    return tuple(hold for hold in holds_of(statements, used) if hold.blocks_long)


def _tables(statement: Statement) -> frozenset[str]:
    """Return the tables that a statement is about; one that nobody makes for other statements."""
    found = set()
    for command in read_statements(statement.sql):
        match command:
            case AlterRelation(name=name) | CreateIndex(table=name):
                found.add(relation_name(name.schema, name.name))
            case _:
                found.add("")
    return frozenset(found)
