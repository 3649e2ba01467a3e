"""A second session that reads the locks of the migrating one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.postgres.connections import connection_to
from modeler.postgres.locks import LockMode

FIRST_USER_OID = 16384  # FirstNormalObjectId: below are the system's own relations
OBSERVE = """
SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn,
       ARRAY(SELECT l.relation::text || ' ' || l.mode FROM pg_locks l
             WHERE l.pid = %s AND l.locktype = 'relation' AND l.granted AND l.relation >= %s
               AND l.database = (SELECT d.oid FROM pg_database d
                                 WHERE d.datname = current_database())),
       (SELECT l.virtualxid FROM pg_locks l WHERE l.pid = %s AND l.locktype = 'virtualxid'
              AND l.granted AND l.mode = 'ExclusiveLock')
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at one moment.

    Attributes:
        locks: granted ones, as pairs of a relation's number and a mode.
        position: bytes of write-ahead log since the cluster was made.
        transaction: the server's name of the running transaction, ``""`` outside of one.
    """

    locks: frozenset[tuple[int, LockMode]]
    position: int
    transaction: str


class Observer:
    """Reads ``pg_locks`` from a session of its own.

    The migrating session cannot be asked itself: that would need a statement in its transaction
    between the locks and whoever waits for them, and in CONCURRENTLY it is busy.

    Args:
        connection: the migrating one, to the same database.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection_to(connection.settings_dict, "modeler_observer")

    def see(self, pid: int) -> Seen:
        """Return what the server process ``pid`` holds now."""
        with self.connection.cursor() as cursor:
            cursor.execute(OBSERVE, [pid, FIRST_USER_OID, pid])
            position, locks, transaction = cursor.fetchone()
        pairs = (entry.split(" ") for entry in locks)
        # Modes of predicate locks are none of LockMode's.
        return Seen(
            frozenset(
                (int(oid), LockMode.of_server(mode)) for oid, mode in pairs if mode != "SIReadLock"
            ),
            int(position),
            transaction or "",
        )

    def blockers(self, pid: int) -> tuple[int, ...]:
        """Return the server processes that ``pid`` waits for."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT pg_blocking_pids(%s)", [pid])
            return tuple(cursor.fetchone()[0])

    def close(self) -> None:
        self.connection.close()
