"""What the rules say of each statement, asked with the catalog as it is just before it."""

from __future__ import annotations

from functools import lru_cache

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.previews.effects.analysis import effects_of
from modeler.previews.effects.effect import Effects
from modeler.previews.effects.live_catalog import LiveCatalog
from modeler.previews.sql.commands import Command, Query, SetConstraints, Transaction
from modeler.previews.sql.reader import read_statements

# They leave the catalog as it was.
WITHOUT_CHANGE = (Query, SetConstraints, Transaction)


class Analyst:
    """Asks the rules about statements of one connection, in the order in which they run.

    Args:
        connection: the migrating one; its catalog is read inside its own transaction.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.catalog = LiveCatalog(connection)
        self.new: set[str] = set()

    def begin(self) -> None:
        """Take what is there now as what was there before the migration."""
        self.catalog.forget()
        self.new = set()

    def read(self, sql: str) -> tuple[Command, ...]:
        return _read(sql)

    def effects(self, commands: tuple[Command, ...]) -> Effects:
        """Return what one statement will do to relations that the migration did not make."""
        merged = Effects()
        for command in commands:
            merged = _both(merged, effects_of(command, self.catalog))
        self.new.update(merged.creates)
        return Effects(
            tuple(lock for lock in merged.locks if not {lock.relation, lock.table} & self.new),
            tuple(work for work in merged.work if work.relation not in self.new),
            merged.creates,
            merged.waits,
            merged.fails,
            merged.unread,
            tuple(gone for gone in merged.drops if not {gone.name, gone.table} & self.new),
            merged.hindered_by,
        )

    def ran(self, commands: tuple[Command, ...]) -> None:
        """Look at the catalog anew where a statement may have changed it."""
        if not all(isinstance(command, WITHOUT_CHANGE) for command in commands):
            self.catalog.forget()

    def forget(self) -> None:
        self.catalog.forget()


@lru_cache(maxsize=4096)
def _read(sql: str) -> tuple[Command, ...]:
    return read_statements(sql)


def _both(first: Effects, second: Effects) -> Effects:
    return Effects(
        tuple(sorted({*first.locks, *second.locks})),
        tuple(sorted({*first.work, *second.work})),
        first.creates + second.creates,
        first.waits + second.waits,
        first.fails or second.fails,
        first.unread or second.unread,
        tuple(sorted({*first.drops, *second.drops})),
        first.hindered_by + second.hindered_by,
    )
