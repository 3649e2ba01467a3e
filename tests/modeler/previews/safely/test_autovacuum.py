"""Who waits for an autovacuum has to wait until the server ends it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection

from modeler.postgres.connections import connection_to
from modeler.previews.safely.attempts import Attempts
from modeler.previews.safely.blockers import Blocker
from modeler.previews.safely.patience import Patience
from modeler.previews.safely.session import MigratingSession
from modeler.previews.safely.watch import Statement

PATIENCE = Patience(lock_timeout=0.05, attempts=4)


@pytest.fixture
def session(django_db_blocker):
    with django_db_blocker.unblock():
        own = connection_to(connection.settings_dict, "autovacuum")
        with MigratingSession(own, PATIENCE.lock_timeout) as found:
            yield found
        own.close()


class LockTimeout(OperationalError):
    sqlstate = "55P03"


def timeout_of(session: MigratingSession) -> str:
    with session.unguarded() as cursor:
        cursor.execute("SHOW lock_timeout")
        return cursor.fetchone()[0]


def test_only_the_attempt_after_an_autovacuum_waits_longer_than_deadlock_timeout(session):
    said: list[str] = []
    attempts = Attempts(session, PATIENCE, SimpleNamespace(), SimpleNamespace(say=said.append))
    blockers = iter(
        [
            (Blocker(7, role="report"),),
            (Blocker(8, autovacuum=True), Blocker(7, role="report")),
            (Blocker(7, role="report"),),
        ]
    )
    timeouts: list[str] = []

    def run():
        timeouts.append(timeout_of(session))
        found = next(blockers, None)
        if found is not None:
            attempts.last = Statement(1, "x", blockers=found)
            raise LockTimeout from LockTimeout()
        return "done"

    assert attempts.attempts(run) == "done"
    # deadlock_timeout is one second, and a quarter of one is for the worker to leave.
    assert timeouts == ["50ms", "50ms", "1250ms", "50ms"]
    assert timeout_of(session) == "50ms"
    assert "an autovacuum worker" in said[1]
