"""What the synchronisation is doing: triggers, queue, dead letters, targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.mongo.documents.sql import Key
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.sync.claim import unclaimed, waiting
from modeler.mongo.sync.install import is_installed, silent_tables
from modeler.mongo.sync.tables import DEAD, QUEUE, STATE, TARGET
from modeler.mongo.sync.watch import entry_names, root_watch, tables_of, unwatched_of, watches
from modeler.schema.location import Location
from modeler.schema.schema import Schema

LISTED = 20
# As ``root_watch``, in SQL.
ROOT_WATCH = "replace(replace(replace(collection, '%', '%25'), '/', '%2F'), '?', '%3F')"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A document that was given up: whose, why, after how many attempts, when."""

    collection: str
    key: Key
    reason: str
    attempts: int
    at: datetime


LATE = 60.0  # seconds; a worker that runs is some milliseconds behind


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """One look.

    Attributes:
        installed: tables and triggers are there.
        silent: watched tables whose changes are not seen.
        waiting: queued entries that can be taken now or soon.
        lag: seconds that the oldest of them has waited.
        low: entries of many documents and after failures, which may wait.
        dead: letters, the newest first, at most twenty.
        dead_count: of all.
        epoch: see ``version_of``.
        targets: ``(collection, name)`` that are written beside, while rebuilt.
        unwatched: ``(view, place)`` of what can have no trigger.
        unclaimed: ``(watch, entries)`` that workers of these specifications leave alone.
    """

    installed: bool
    silent: tuple[Location, ...] = ()
    waiting: int = 0
    lag: float = 0.0
    low: int = 0
    dead: tuple[DeadLetter, ...] = ()
    dead_count: int = 0
    epoch: int = 0
    targets: tuple[tuple[str, str], ...] = ()
    unclaimed: tuple[tuple[str, int], ...] = ()
    unwatched: tuple[tuple[str, Location], ...] = ()

    @property
    def late(self) -> bool:
        """The oldest waits for longer than a worker would let it."""
        return self.waiting > 0 and self.lag > LATE

    @property
    def healthy(self) -> bool:
        """All changes are seen and written in time, and every document could be written."""
        return self.installed and not (self.silent or self.dead_count or self.late)


def sync_status(
    connection: BaseDatabaseWrapper, schema: Schema, specs: Sequence[CollectionSpec]
) -> SyncStatus:
    """Look at the tables of the synchronisation.

    Raises:
        django.db.Error: the database does not answer.
    """
    with connection.cursor() as cursor:
        if not is_installed(cursor):
            return SyncStatus(installed=False)
        watched = watches(schema, specs)
        silent = silent_tables(cursor, connection.alias, tables_of(watched))
        count, lag = waiting(cursor)
        cursor.execute(f"SELECT count(*) FROM {QUEUE}")
        (total,) = cursor.fetchone()
        cursor.execute(f"SELECT count(*) FROM {DEAD}")
        (dead,) = cursor.fetchone()
        cursor.execute(f"SELECT epoch FROM {STATE}")
        (epoch,) = cursor.fetchone()
        cursor.execute(f"SELECT collection, name FROM {TARGET} ORDER BY 1, 2")
        targets = tuple((collection, name) for collection, name in cursor.fetchall())
        return SyncStatus(
            installed=True,
            silent=silent,
            waiting=count,
            lag=lag,
            low=total - count,
            dead=_dead(cursor),
            dead_count=dead,
            epoch=epoch,
            targets=targets,
            unclaimed=unclaimed(cursor, entry_names(watched)),
            unwatched=unwatched_of(watched),
        )


def revive(connection: BaseDatabaseWrapper) -> int:
    """Queue all dead letters again; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH gone AS (DELETE FROM {DEAD} RETURNING collection, key) "
            f"INSERT INTO {QUEUE} (watch, key) SELECT {ROOT_WATCH}, key FROM gone"
        )
        return int(cursor.rowcount)


def raise_epoch(connection: BaseDatabaseWrapper) -> int:
    """Let all versions from now on be greater than all before; return the epoch.

    Wanted after PostgreSQL was restored from a backup or failed over to a server that lagged:
    its sequence may then be behind what documents say.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {STATE} SET epoch = epoch + 1 RETURNING epoch")
        return int(cursor.fetchone()[0])


def queue_all(connection: BaseDatabaseWrapper, collections: Sequence[str]) -> None:
    """Queue every document of these collections, behind what changes meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {QUEUE} (watch, low) SELECT name, true FROM unnest(%s::text[]) AS name",
            [[root_watch(name) for name in collections]],
        )


def queue_keys(connection: BaseDatabaseWrapper, watch: str, keys: Sequence[Key]) -> None:
    """Queue single documents by the watch of their root."""
    with connection.cursor() as cursor:
        queue_keys_by(cursor, watch, keys)


def queue_keys_by(cursor: Any, watch: str, keys: Sequence[Key]) -> None:
    """Do the same in the transaction of a cursor."""
    if keys:
        cursor.executemany(
            f"INSERT INTO {QUEUE} (watch, key) VALUES (%s, %s::text[])",
            [(watch, list(key)) for key in keys],
        )


def _dead(cursor: Any) -> tuple[DeadLetter, ...]:
    cursor.execute(
        f"SELECT collection, key, reason, attempts, at FROM {DEAD} ORDER BY at DESC LIMIT %s",
        [LISTED],
    )
    return tuple(
        DeadLetter(collection, tuple(key), reason, attempts, at)
        for collection, key, reason, attempts, at in cursor.fetchall()
    )
