"""Indexes that are built while writes to their table wait."""

from __future__ import annotations

from collections.abc import Iterator

from modeler.previews.effects.effect import RelationKind, WorkKind
from modeler.previews.hazards.locked import table_named
from modeler.previews.hazards.plan import Planned, Sent
from modeler.previews.sql.commands import CreateIndex


def blocking_builds(migration: Planned) -> Iterator[tuple[Sent, CreateIndex, str]]:
    """Return each CREATE INDEX that builds on a table which was there before, with the table.

    Left out are partitioned tables: MP408 speaks of those.
    """
    for sent, command in migration.commands():
        if not isinstance(command, CreateIndex) or command.concurrently:
            continue
        table = table_named(migration, sent, command.table)
        if not table or is_partitioned(sent, table):
            continue
        if not any(
            entry.kind is WorkKind.INDEX_BUILD and entry.relation == table for entry in sent.work
        ):
            continue
        yield sent, command, table


def is_partitioned(sent: Sent, table: str) -> bool:
    """Tell whether a statement locks a table as a partitioned one."""
    return any(
        lock.relation == table and lock.kind is RelationKind.PARTITIONED_TABLE
        for lock in sent.locks
    )
