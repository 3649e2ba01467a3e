"""Django's ``migrate``, one at a time: several servers may start it at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.management.commands import migrate
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

# Any number will do, as long as nothing else in this database uses it as an advisory lock.
MIGRATE_LOCK = 20_240_119
POLL = 0.5  # seconds

# A page that takes as long has gone wrong, a migration has not; a lock that is not had in time
# still ends it, so that the pages that wait behind it go on.
PATIENCE = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"


class Command(migrate.Command):
    help = f"{migrate.Command.help} A second one waits until the first has ended."

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql" or options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        with self._alone(connection):
            with connection.cursor() as cursor:
                cursor.execute(PATIENCE)
            super().handle(*args, **options)

    @contextmanager
    def _alone(self, connection: BaseDatabaseWrapper) -> Iterator[None]:
        """Hold an advisory lock of the session, on a connection of its own, outside transactions.

        The server frees it when the process dies, however it dies.
        """
        own = connection.copy()
        # A pool would hand the session, and with it the lock, to somebody else.
        own.settings_dict["OPTIONS"] = {
            name: value for name, value in own.settings_dict["OPTIONS"].items() if name != "pool"
        }
        try:
            with own.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
                if not _taken(cursor):
                    self.stderr.write("Another migrate is at work; waiting until it has ended.")
                    # Waiting inside the server would hold a snapshot, and CREATE INDEX
                    # CONCURRENTLY of the one at work waits for those: a deadlock.
                    while not _taken(cursor):
                        time.sleep(POLL)
                try:
                    yield
                finally:
                    # Of a session that is closed the server frees it a moment later.
                    with suppress(DatabaseError):  # which a lost session frees by itself
                        cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATE_LOCK])
        finally:
            own.close()


def _taken(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATE_LOCK])
    return bool(cursor.fetchone()[0])
