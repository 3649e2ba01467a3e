"""Holding a statement up that runs outside of transactions, so that its locks can be read.

``CREATE INDEX CONCURRENTLY`` and its kin give their locks back before they return. Another session
that writes to the table makes them wait; meanwhile what they hold is there to be seen.
Source: PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently".
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.postgres.connections import connection_to
from modeler.postgres.locks import LockMode
from modeler.previews.sql.commands import AlterRelation, CreateIndex, Drop, Reindex
from modeler.previews.sql.definitions import Name
from modeler.previews.trace.observer import Observer
from modeler.previews.trace.shape import Outside
from modeler.schema.sql_text import quoted_name

PATIENCE = 5.0  # seconds until it is let go although nobody saw it wait
TABLE_OF_INDEX = """
SELECT n.nspname::text, c.relname::text FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indexrelid = to_regclass(%s)
"""


@dataclass(frozen=True, slots=True)
class Hold:
    """How the other session makes the statement wait.

    Attributes:
        table: quoted name of what it locks, ``""`` where nothing fits.
        mode: of its lock.
        words: for whom the statement waits.
    """

    table: str
    mode: LockMode
    words: str

    @classmethod
    def on(cls, command: Outside, rows: Callable[..., list[tuple]]) -> Hold:
        """Choose a hold for a command; ``rows`` runs SQL on the migrating connection."""
        match command:
            case CreateIndex(table=table):
                return cls(_written(table), LockMode.ROW_EXCLUSIVE, "whoever writes to the table")
            case AlterRelation(name=table):
                return cls(_written(table), LockMode.ACCESS_SHARE, "whoever uses the table")
            case Reindex(target="table", name=table):
                return cls(_written(table), LockMode.ROW_EXCLUSIVE, "whoever writes to the table")
            case Reindex(target="index", name=index):
                return cls(
                    _of_index(index, rows), LockMode.ROW_EXCLUSIVE, "whoever writes to the table"
                )
            case Drop(names=(index, *_)):
                return cls(_of_index(index, rows), LockMode.ACCESS_SHARE, "whoever uses the table")
        # VACUUM waits for nobody once it has its lock, and so cannot be held up.
        return cls("", LockMode.ACCESS_SHARE, "")


@dataclass(slots=True)
class Held:
    """What was seen while the statement waited.

    Attributes:
        was_seen: it was seen waiting; without that ``locks`` is empty.
        seconds: its own time, without the time that it was held up.
    """

    words: str = ""
    locks: frozenset[tuple[int, LockMode]] = field(default_factory=frozenset)
    was_seen: bool = False
    seconds: float = 0.0


@contextmanager
def held_up(
    connection: BaseDatabaseWrapper, observer: Observer, pid: int, hold: Hold
) -> Iterator[Held]:
    """Make whatever runs in the block wait until its locks were read, then let it go on.

    Args:
        connection: any to the same database; another is opened beside it.
        observer: reads the locks; nobody else may use it meanwhile.
        pid: server process that runs the statement.
        hold: what keeps it.
    """
    held = Held()
    if not hold.table:
        start = time.perf_counter()
        yield held
        held.seconds = round(time.perf_counter() - start, 6)
        return
    blocker = connection_to(connection.settings_dict, "modeler_blocker")
    done = threading.Event()
    released = [0.0]

    def release() -> None:
        until = time.monotonic() + PATIENCE
        try:
            while not done.is_set() and time.monotonic() < until:
                if blocker_pid in observer.blockers(pid):
                    held.locks = observer.see(pid).locks
                    held.was_seen, held.words = True, hold.words
                    return
                time.sleep(0.0005)
        finally:
            blocker.rollback()
            released[0] = time.perf_counter()

    try:
        blocker.set_autocommit(False)
        with blocker.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            blocker_pid = cursor.fetchone()[0]
            try:
                cursor.execute(f"LOCK TABLE {hold.table} IN {hold.mode.value.upper()} MODE")
            except DatabaseError:
                blocker.rollback()  # no such table: the statement will say so
        # The connections are each used by one thread at a time.
        blocker.inc_thread_sharing()
        observer.connection.inc_thread_sharing()
        thread = threading.Thread(target=release)
        start = time.perf_counter()
        thread.start()
        try:
            yield held
        finally:
            end = time.perf_counter()
            done.set()
            thread.join()
            observer.connection.dec_thread_sharing()
            blocker.dec_thread_sharing()
            held.seconds = round(max(end - max(released[0], start), 0.0), 6)
    finally:
        blocker.close()


def _written(name: Name) -> str:
    return ".".join(quoted_name(part) for part in (name.schema, name.name) if part)


def _of_index(name: Name, rows: Callable[..., list[tuple]]) -> str:
    found = rows(TABLE_OF_INDEX, [_written(name)])
    return ".".join(quoted_name(part) for part in found[0]) if found else ""
