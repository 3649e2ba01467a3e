"""One safe migration a database at a time, and what a killed one left at work."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Any, Self

from django.db import DatabaseError, transaction
from django.db import Error as DatabaseProblem
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ServerError
from modeler.postgres.catalogs import Row, rows
from modeler.postgres.connections import connection_to, registered
from modeler.previews.safely.log import Log
from modeler.previews.safely.stopped import Stopped, first_line
from modeler.previews.safely.watch import own_settings
from modeler.reporting.words import spoken

# Advisory locks of two numbers: "mode" in ASCII, then what it is for.
FAMILY = 0x6D6F6465
RUNS, MIGRATES = 1, 2
HOLDERS = """
SELECT l.pid, a.application_name AS application, a.query, a.state,
       to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS since,
       extract(epoch FROM clock_timestamp() - a.backend_start)::float8 AS seconds
FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.objsubid = 2
  AND l.classid = %s::bigint::oid AND l.objid = %s::bigint::oid
  AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.pid <> pg_backend_pid()
ORDER BY l.pid
"""
ASKED_AGAIN = 0.5
SAID_AGAIN = 30.0


def session_name() -> str:
    """Return how this run's sessions are called in ``pg_stat_activity``; at most 63 characters."""
    return f"migrate_safely pid {os.getpid()} on {socket.gethostname()}"[:63]


class Alone:
    """An advisory lock for the time of a run, on a session of its own.

    The lock is asked for again and again: a session that waits inside the server would have a
    snapshot, for whose end the other run's CREATE INDEX CONCURRENTLY waits in turn.

    Args:
        connection: of the project.
        pooled: a pooler by transaction sits in between. The lock is then one of a transaction,
            which stays open and idle: without a snapshot nobody waits for it.
        wait: wait for another run, instead of leaving.
    """

    def __init__(
        self, connection: BaseDatabaseWrapper, log: Log, *, pooled: bool = False, wait: bool = True
    ) -> None:
        self._connection = connection_to(own_settings(connection, session_name()), "modeler_alone")
        self._alias = connection.alias
        self._log, self._pooled, self._wait = log, pooled, wait
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        try:
            if self._pooled:
                self._stack.enter_context(registered(self._connection))
                self._stack.enter_context(transaction.atomic(using=self._connection.alias))
                self._run("SET LOCAL idle_in_transaction_session_timeout = 0")
                taken = "SELECT pg_try_advisory_xact_lock(%s, %s) AS taken"
            else:
                self._run("SET idle_session_timeout = 0")
                taken = "SELECT pg_try_advisory_lock(%s, %s) AS taken"
            said = 0.0
            while not self._rows(taken, FAMILY, RUNS)[0]["taken"]:
                if not self._wait:
                    raise Stopped(f"{self._other()} Nothing was changed.")
                if time.monotonic() - said >= SAID_AGAIN:
                    said = time.monotonic()
                    self._log.say(f"{self._other()} Waiting until it has ended.")
                time.sleep(ASKED_AGAIN)
        except BaseException as error:
            self.__exit__(type(error), error, None)
            if isinstance(error, DatabaseError):
                raise ServerError(
                    f"The database {self._alias!r} gave no second session: {first_line(error)}. "
                    "Let the role have a few connections."
                ) from error
            raise
        return self

    def check(self) -> None:
        """Raise Stopped where the lock's session was lost: another run may have begun."""
        try:
            self._run("SELECT 1")
        except DatabaseProblem as error:
            raise Stopped(
                "The session that keeps other runs away was lost "
                f"({first_line(error)}). Run the same command again to go on."
            ) from error

    def wait_for_leftovers(
        self, patience: float, between: Callable[[], object] = lambda: None
    ) -> None:
        """Wait until the server's processes of a killed run have ended.

        The server notices a dead client late, and a CREATE INDEX CONCURRENTLY is let finish, since
        it holds nobody up and its index will be of use.

        Raises:
            Stopped: they are there after ``patience`` seconds.
        """
        began, said = time.monotonic(), 0.0
        while found := self._rows(HOLDERS, FAMILY, MIGRATES):
            named = "; ".join(map(_working, found))
            now = time.monotonic()
            if now - began >= patience:
                pid = found[0]["pid"]
                raise Stopped(
                    f"A killed run is still at work in the server after {spoken(patience)}: "
                    f"{named}. See whom it waits for (SELECT pg_blocking_pids({pid})), or end it "
                    f"(SELECT pg_terminate_backend({pid})), then run the same command again."
                )
            if now - said >= SAID_AGAIN:
                said = now
                self._log.say(f"A killed run is still at work in the server: {named}. Waiting.")
            between()
            time.sleep(ASKED_AGAIN)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(DatabaseProblem):
            self._stack.close()
        with suppress(DatabaseProblem):
            self._connection.close()

    def _other(self) -> str:
        found = self._rows(HOLDERS, FAMILY, RUNS)
        if not found:
            return f"Another migrate_safely runs on {self._alias!r}."
        (row, *_) = found
        since = f" since {row['since']} ({spoken(row['seconds'])})" if row["since"] else ""
        name = f", {row['application']}" if row["application"] else ""
        return (
            f"Another migrate_safely runs on {self._alias!r}{since}, "
            f"server process {row['pid']}{name}."
        )

    def _run(self, sql: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)

    def _rows(self, sql: str, *values: Any) -> list[Row]:
        with self._connection.cursor() as cursor:
            return rows(cursor, sql, values)


def _working(row: Row) -> str:
    words = " ".join((row["query"] or "").split())
    return f"process {row['pid']}" + (f" ({words[:80]})" if words else "")
