"""Who waits for an autovacuum has to wait until the server ends it; nobody else has to.

The worker's place is taken by a session that holds the same lock.
"""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from modeler.previews.safely.attempts import Attempts
from modeler.previews.safely.blockers import Blocker
from modeler.previews.safely.patience import Patience
from modeler.previews.safely.session import MigratingSession
from modeler.previews.safely.watch import Statement

PATIENCE = Patience(lock_timeout=0.05, attempts=4)


class LockTimeout(OperationalError):
    sqlstate = "55P03"


@pytest.fixture
def clone(shadow):
    with shadow.clone("vacuumed") as found:
        own = found.connect()
        with own.cursor() as cursor:
            cursor.execute('CREATE TABLE "Big one" (id int)')
        yield found


@pytest.fixture
def worker(clone):
    """A session that holds what a worker holds, and its process."""
    held = clone.connect("worker")
    held.inc_thread_sharing()
    held.set_autocommit(False)
    with held.cursor() as cursor:
        cursor.execute('LOCK TABLE "Big one" IN SHARE UPDATE EXCLUSIVE MODE')
        cursor.execute("SELECT pg_backend_pid()")
        yield held, cursor.fetchone()[0]
    held.close()


def attempt(clone, blockers: tuple[Blocker, ...]) -> float:
    """Fail once because of blockers, and return the seconds until the second attempt."""
    with (
        clone.registered("migrating") as connection,
        MigratingSession(connection, PATIENCE.lock_timeout) as session,
    ):
        log = SimpleNamespace(say=lambda text: None)
        attempts = Attempts(session, PATIENCE, SimpleNamespace(), log)
        moments: list[float] = []

        def run():
            moments.append(time.monotonic())
            if len(moments) == 1:
                attempts.last = Statement(1, "x", blockers=blockers)
                raise LockTimeout
            with session.unguarded() as cursor:
                cursor.execute("SHOW lock_timeout")
                assert cursor.fetchone() == ("50ms",)

        attempts.attempts(run)
    return moments[1] - moments[0]


def test_it_is_outwaited_and_writers_go_on(clone, worker):
    _, pid = worker
    waits: list[float] = []
    end = threading.Event()

    writer = clone.connect("writer")
    writer.inc_thread_sharing()

    def write() -> None:
        while not end.is_set():
            began = time.monotonic()
            with writer.cursor() as cursor:
                cursor.execute('INSERT INTO "Big one" VALUES (1)')
            waits.append(time.monotonic() - began)

    thread = threading.Thread(target=write)
    thread.start()
    length = attempt(clone, (Blocker(pid, autovacuum=True),))
    end.set()
    thread.join()
    # deadlock_timeout is one second, and half of one is for the worker to leave.
    assert length >= 1.5
    assert max(waits) < 0.5


def test_it_is_waited_for_no_longer_than_it_is_there(clone, worker):
    held, pid = worker
    threading.Timer(0.3, held.rollback).start()
    assert attempt(clone, (Blocker(pid, autovacuum=True),)) < 1.3


def test_nobody_else_is(clone, worker):
    _, pid = worker
    assert attempt(clone, (Blocker(pid, role="report"),)) < 0.5
