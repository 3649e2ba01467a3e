"""The connections of one worker: three, since three things must not share a transaction."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.mongo.sync.stamp import version_of
from modeler.mongo.sync.tables import STATE, VERSION
from modeler.postgres.connections import connection_to


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
        self.queue = connection_to(plain, alias)
        self.rows = connection_to(plain, alias)
        self.versions = connection_to(plain, alias)

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
            except Exception:
                connection.connection = None

    def _all(self) -> tuple[BaseDatabaseWrapper, ...]:
        return self.queue, self.rows, self.versions


def _quietly(cursor: Any, statement: str) -> None:
    try:
        cursor.execute(statement)
    except Exception:
        return
