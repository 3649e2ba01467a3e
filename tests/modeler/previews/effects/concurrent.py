"""Locks of a statement that no transaction may hold, read while another session holds it up."""

from __future__ import annotations

import threading
import time

import psycopg

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import Lock
from tests.modeler.previews.effects.measurement import KINDS, LOCKS, RELATIONS

PATIENCE = 10.0  # seconds


def locks_while_waiting(
    session: psycopg.Connection,
    blocker: psycopg.Connection,
    observer: psycopg.Connection,
    statement: str,
    hold: str,
) -> tuple[tuple[Lock, ...], ...]:
    """Return the sets of locks that were seen, one each time ``statement`` waited for ``blocker``.

    Args:
        session: in autocommit, runs ``statement``.
        blocker: in a transaction of its own, runs ``hold``; it lets go when its locks were seen.
        observer: in autocommit, reads ``pg_locks``.
    """
    found = observer.execute(RELATIONS).fetchall()
    known = {row[0]: (row[1], KINDS[row[2]], row[6]) for row in found}
    blocker.execute(hold)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            session.execute(statement)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    seen: list[tuple[Lock, ...]] = []
    until = time.monotonic() + PATIENCE
    while thread.is_alive() and time.monotonic() < until and not seen:
        waits = observer.execute(
            "SELECT %s = ANY(pg_blocking_pids(%s))",
            [blocker.info.backend_pid, session.info.backend_pid],
        ).fetchone()[0]
        if waits:
            rows = observer.execute(LOCKS, [session.info.backend_pid]).fetchall()
            seen.append(tuple(sorted(
                Lock(known[oid][0], known[oid][1], LockMode.of_server(mode))
                for oid, mode in rows if oid in known
            )))  # fmt: skip
        else:
            time.sleep(0.001)
    blocker.rollback()
    thread.join()
    if failures:
        raise failures[0]
    return tuple(seen)
