"""A database of its own for tests that commit.

The shop's logs refuse TRUNCATE, so what a test commits cannot be flushed: it works on a copy of
the test database that is dropped afterwards.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.test.utils import setup_databases, teardown_databases
from pytest_django.plugin import DjangoDbBlocker

if TYPE_CHECKING:
    from tests.orders.sample import Sample


@pytest.fixture(scope="session")
def test_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database; pytest-django makes none if no collected test carries its mark."""
    if connection.settings_dict["NAME"].startswith(TEST_DATABASE_PREFIX):
        yield
        return
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default": None})
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def empty_copy(test_database: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A copy of the test database, which is the default meanwhile."""
    settings = connections.settings["default"]
    original, copy = settings["NAME"], f"{settings['NAME']}_copy"
    with django_db_blocker.unblock():
        connection.close()
        _maintain(f'DROP DATABASE IF EXISTS "{copy}"')
        _maintain(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
        settings["NAME"] = connection.settings_dict["NAME"] = copy
        try:
            yield
        finally:
            connection.close()
            settings["NAME"] = connection.settings_dict["NAME"] = original
            _maintain(f'DROP DATABASE "{copy}"')


@pytest.fixture
def committed(empty_copy: None) -> Sample:
    """The committed sample in a copy of the test database."""
    # A conftest imports this file, before there are settings.
    from tests.orders.sample import make_sample

    return make_sample()


class Session(threading.Thread):
    """Something done on a connection of its own; ``outcome`` is its result or its error."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.outcome: Any = None
        self.start()

    def run(self) -> None:
        try:
            self.outcome = self.work()
        # The test asks what became of it, whatever it was.
        except Exception as error:
            self.outcome = error
        finally:
            connection.close()

    def result(self) -> Any:
        """Wait for the end, and return the result or the error."""
        self.join(timeout=30)
        assert not self.is_alive(), "the session hangs"
        return self.outcome


def wait_until_blocked() -> str:
    """Return for what kind of lock another session of this database waits, once it does."""
    waiting = (
        "SELECT wait_event FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if row := cursor.fetchone():
                return str(row[0])
            # Statistics are those of the transaction's first look.
            cursor.execute("SELECT pg_stat_clear_snapshot(), pg_sleep(0.01)")
    raise AssertionError("no session waits for a lock")


def _maintain(sql: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)
