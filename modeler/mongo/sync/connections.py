"""The connections of one worker: three, since three things must not share a transaction."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.psycopg_any import is_psycopg3

from modeler.mongo.sync.stamp import version_of
from modeler.mongo.sync.tables import STATE, VERSION
from modeler.mongo.sync.triggers import SPELLINGS
from modeler.postgres.connections import connection_to

# One spelling of every key, whatever the project's sessions prefer; and nothing that would end a
# transaction which waits for MongoDB.
SESSION = "".join(
    f"SET {name} = {value};"
    for name, value in (
        *SPELLINGS.items(),
        ("idle_in_transaction_session_timeout", "0"),
        ("statement_timeout", "0"),
        ("lock_timeout", "0"),
    )
)
# The server cannot see a circle that goes through two connections of one worker. Who waits for a
# table gives up some time, so that the claim is rolled back and all go on.
PATIENCE = "SET lock_timeout = '10s';"
# A version that is lost when the server is killed would be given twice.
DURABLE = (
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') = 'off';"
)


class WorkerConnections:
    """Connections to one database.

    Args:
        settings: the entry of ``DATABASES``.
        alias: its name.

    ``queue`` holds claimed entries and locks; ``rows`` reads documents in a snapshot that begins
    after the locks; ``versions`` commits each version before it is used: taken within the claim,
    a version would go back when the server is killed.
    """

    def __init__(self, settings: dict[str, Any], alias: str) -> None:
        # A pool would hand one connection to all three.
        plain = copy.deepcopy(dict(settings))
        plain.get("OPTIONS", {}).pop("pool", None)
        plain["CONN_MAX_AGE"] = None
        self.queue = _connection(plain, alias, SESSION)
        self.rows = _connection(plain, alias, SESSION + PATIENCE)
        self.versions = _connection(plain, alias, SESSION + PATIENCE + DURABLE)

    @contextmanager
    def claiming(self) -> Iterator[Any]:
        """Yield a cursor whose transaction is committed at the end, rolled back on an error."""
        with self.queue.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield cursor
            except BaseException:
                _quietly(cursor, "ROLLBACK")
                raise
            cursor.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[Any]:
        """Yield a cursor that sees one moment and cannot write."""
        with self.rows.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                yield cursor
            finally:
                _quietly(cursor, "ROLLBACK")

    def next_version(self) -> int:
        """Return a version greater than all before, also after the server was killed."""
        with self.versions.cursor() as cursor:
            cursor.execute(f"SELECT epoch, nextval('{VERSION}') FROM {STATE}")
            epoch, number = cursor.fetchone()
        return version_of(epoch, number)

    def close(self) -> None:
        """Close all, whatever state they are in."""
        for connection in self._all():
            try:
                connection.close()
            except Exception:  # of a server that is gone, whatever its driver raises: forget it
                connection.connection = None

    def _all(self) -> tuple[BaseDatabaseWrapper, ...]:
        return self.queue, self.rows, self.versions


def _connection(settings: dict[str, Any], alias: str, session: str) -> BaseDatabaseWrapper:
    connection = connection_to(_prepared(settings), alias)
    plain_connect = connection.connect

    def connect() -> None:
        plain_connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(session)
        except BaseException:
            connection.close()
            raise

    connection.connect = connect  # type: ignore[method-assign]
    return connection


def _prepared(settings: dict[str, Any]) -> dict[str, Any]:
    """Let psycopg 3 prepare what is asked again and again; the project's own options go first.

    A batch of ten documents is read in 2 ms instead of 3.3: the rest was planning.
    """
    if not is_psycopg3:
        return settings
    options = {"server_side_binding": True, "prepare_threshold": 1, **settings.get("OPTIONS", {})}
    return {**settings, "OPTIONS": options}


def _quietly(cursor: Any, statement: str) -> None:
    try:
        cursor.execute(statement)
    except Exception:  # the connection is gone, and its transaction with it; the next use says so
        return
