"""The migrating session: its timeouts, kept through reconnects."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

from django.db import DatabaseError, transaction
from django.db import Error as DatabaseProblem
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from modeler.previews.safely.alone import FAMILY, MIGRATES, session_name
from modeler.previews.safely.duration import milliseconds

# How soon the server looks whether a client is still there, while it runs a statement.
CLIENT_CHECK = "1s"
DEADLOCK_TIMEOUT = "SELECT setting::float8 FROM pg_settings WHERE name = 'deadlock_timeout'"
AFTER_DEADLOCK_TIMEOUT = 0.5  # seconds for the worker to leave
HELD_BY_WORKERS = """
SELECT DISTINCT l.relation::regclass::text FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
WHERE l.pid = ANY (%s) AND l.granted AND l.mode = 'ShareUpdateExclusiveLock'
  AND c.relkind IN ('r', 'm') AND c.relnamespace <> 'pg_toast'::regnamespace
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
SET = "SELECT set_config(%s, %s, false)"
SET_LOCAL = "SELECT set_config('lock_timeout', %s, true), pg_backend_pid()"
RESET = ("lock_timeout", "client_connection_check_interval", "application_name")


class MigratingSession:
    """Sets up the project's own connection, and again whenever it is opened anew.

    Args:
        connection: the migrating one.
        lock_timeout: seconds.
        pooled: a pooler by transaction sits in between: nothing is set for the session, and
            each transaction sets its own.

    Attributes:
        pid: the server's process, as far as known.
        quiet: statements of our own are under way, which nobody guards.
    """

    def __init__(
        self, connection: BaseDatabaseWrapper, lock_timeout: float, *, pooled: bool = False
    ) -> None:
        self.connection = connection
        self.lock_timeout = milliseconds(lock_timeout)
        self.pooled = pooled
        self.pid = 0
        self.quiet = False
        self._block: Any = None  # the transaction whose lock_timeout is set

    def __enter__(self) -> Self:
        connection_created.connect(self._opened, weak=False)
        if self.connection.connection is not None:
            self._prepare()
        else:
            self.connection.ensure_connection()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        connection_created.disconnect(self._opened)
        if self.connection.connection is None or self.pooled:
            return
        try:
            with self.unguarded() as cursor:
                cursor.execute("SELECT pg_advisory_unlock_shared(%s, %s)", [FAMILY, MIGRATES])
                for name in RESET:
                    cursor.execute(f"RESET {name}")
        except DatabaseProblem:
            self.connection.close()  # with the session goes what was set in it

    @contextmanager
    def unguarded(self) -> Iterator[Any]:
        """Yield a cursor for statements of our own."""
        before, self.quiet = self.quiet, True
        try:
            with self.connection.cursor() as cursor:
                yield cursor
        finally:
            self.quiet = before

    @property
    def watched(self) -> int:
        """The process to look after, 0 where a pooler may have changed it meanwhile."""
        return 0 if self.pooled and not self.connection.in_atomic_block else self.pid

    def set_local(self) -> None:
        """Set the lock timeout of the open transaction, once; a pooler keeps that."""
        # Held on to, so that no later transaction's object has the same identity.
        outermost = self.connection.atomic_blocks[0] if self.connection.atomic_blocks else None
        if outermost is not None and outermost is self._block:
            return
        with self.unguarded() as cursor:
            cursor.execute(SET_LOCAL, [self.lock_timeout])
            _, self.pid = cursor.fetchone()
        self._block = outermost

    def send_away(self, workers: Collection[int]) -> None:
        """Have the server end autovacuum workers that are in the way, without making others wait.

        It does so once somebody has waited for ``deadlock_timeout``, and by then all would queue
        behind a strong lock. The lock that is asked for here is the workers' own: it keeps
        neither readers nor writers waiting. What prevents wraparound does not go.

        Args:
            workers: their processes.
        """
        with self.unguarded() as cursor:
            cursor.execute(HELD_BY_WORKERS, [list(workers)])
            tables = [table for (table,) in cursor.fetchall()]
            cursor.execute(DEADLOCK_TIMEOUT)
            (long,) = cursor.fetchone()
        waits = milliseconds(long / 1000 + AFTER_DEADLOCK_TIMEOUT)
        for table in tables:
            with (
                suppress(DatabaseError),
                transaction.atomic(using=self.connection.alias),
                self.unguarded() as cursor,
            ):
                cursor.execute(SET_LOCAL, [waits])
                cursor.execute(f"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE")

    @contextmanager
    def patient(self) -> Iterator[None]:
        """Let statements of the block wait and work as long as they need.

        Building concurrently waits for older transactions as a matter of course, and what it
        makes survives its client. Behind a pooler nothing is set: it would outlast this client.
        """
        if self.pooled:
            yield
            return
        before = {}
        names = ("lock_timeout", "statement_timeout", "client_connection_check_interval")
        with self.unguarded() as cursor:
            for name in names:
                cursor.execute("SELECT current_setting(%s)", [name])
                (before[name],) = cursor.fetchone()
                cursor.execute(SET, [name, "0"])
        try:
            yield
        finally:
            try:
                with self.unguarded() as cursor:
                    for name, value in before.items():
                        cursor.execute(SET, [name, value])
            except DatabaseProblem:
                # A lost session took its settings along; the next one is set up anew.
                self.connection.close()

    def _opened(self, *, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
        if connection is self.connection:
            self._prepare()

    def _prepare(self) -> None:
        self._block = None
        with self.unguarded() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (self.pid,) = cursor.fetchone()
            if self.pooled:
                return
            cursor.execute(SET, ["lock_timeout", self.lock_timeout])
            if "application_name" not in self.connection.settings_dict.get("OPTIONS", {}):
                cursor.execute(SET, ["application_name", session_name()])
            # Whoever comes after a killed run sees by it that the server is still at work.
            cursor.execute("SELECT pg_advisory_lock_shared(%s, %s)", [FAMILY, MIGRATES])
            if self.connection.get_autocommit():
                with suppress(DatabaseError):  # the server's system may not be able to look
                    cursor.execute(SET, ["client_connection_check_interval", CLIENT_CHECK])
