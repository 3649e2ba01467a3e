"""The shop with enough rows that its findings are errors, and copies of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import Error, connection
from pytest_django.plugin import DjangoDbBlocker

from modeler.postgres.connections import connection_to
from modeler.schema.live import read_database
from modeler.schema.schema import Schema
from tests.config.run import url_of
from tests.dangerous.rows import fill
from tests.dangerous.shop import Shop

ROWS = 12_000  # more than what findings call small


class Databases:
    """Databases of the test's cluster that are copies of a filled shop."""

    def __init__(self, worker: str) -> None:
        self.template = f"dangerous_{worker}"
        self.names: list[str] = []

    def copy(self, name: str, template: str = "") -> str:
        """Make a database and return its address."""
        name = f"{self.template}_{name}"
        self._made(name, template or self.template)
        return url_of(name)

    def make(self, home: Path) -> None:
        self._made(self.template, "")
        shop = Shop(home, url_of(self.template))
        shop.copy()
        shop.manage("migrate", "--verbosity", "0")
        own = self._connection(self.template)
        with own.cursor() as cursor:
            fill(cursor, ROWS)
            cursor.execute("ANALYZE")
        own.close()

    def schema(self, url: str) -> Schema:
        own = self._connection(_name(url))
        try:
            return read_database(own, alias="default")
        finally:
            own.close()

    def run(self, url: str, statements: str) -> None:
        own = self._connection(_name(url))
        with own.cursor() as cursor:
            cursor.execute(statements)
        own.close()

    def drop(self) -> None:
        with connection._nodb_cursor() as cursor:
            for name in self.names:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _made(self, name: str, template: str) -> None:
        self.names.append(name)
        rest = f'TEMPLATE "{template}"' if template else ""
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            for _ in range(50):  # a session that has just ended may still be leaving
                with suppress(Error):
                    cursor.execute(f'CREATE DATABASE "{name}" {rest}')
                    return
                time.sleep(0.1)
        raise AssertionError(f"{name} could not be made of {template or 'nothing'}")

    @staticmethod
    def _connection(name: str):
        return connection_to({**connection.settings_dict, "NAME": name}, "beside")


def _name(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]


@pytest.fixture(scope="session")
def databases(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[Databases]:
    found = Databases(worker_id)
    with django_db_blocker.unblock():
        found.make(tmp_path_factory.mktemp("shop"))
        yield found
        found.drop()


@pytest.fixture
def new_shop(tmp_path: Path) -> Callable[[str, str], Shop]:
    """Make a copy of the shop's code with a name, for a database."""

    def make(name: str, url: str) -> Shop:
        home = tmp_path / name
        home.mkdir()
        shop = Shop(home, url)
        shop.copy()
        return shop

    return make
