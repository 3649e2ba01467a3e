from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from modeler.postgres.connections import connection_to
from tests.modeler.postgres.preflight.live import live_servers

TABLES = """
CREATE TABLE customer (id bigint PRIMARY KEY, email text);
CREATE TABLE purchase (
    id bigint PRIMARY KEY, customer_id bigint REFERENCES customer, total int, note text
);
CREATE TABLE elsewhere (id int);
INSERT INTO customer SELECT n, n FROM generate_series(1, 1000) n;
INSERT INTO purchase SELECT n, n, n % 100, 'x' FROM generate_series(1, 1000) n;
CREATE SCHEMA "Old Stock"; CREATE TABLE "Old Stock"."Item" (id int)
"""


@pytest.fixture(scope="package")
def servers(django_db_blocker):
    with live_servers() as found:
        yield found


class Database:
    """A database on the live server with its sessions."""

    def __init__(self, live, name: str) -> None:
        self.live, self.name, self.opened = live, name, []

    def connect(self, role: str = "project", **more):
        connection = connection_to(self.live.settings(role, self.name) | more, "live")
        self.opened.append(connection)
        return connection

    def run(self, sql: str, role: str = "project", *, name: str = ""):
        with self.connect(role, **({"NAME": name} if name else {})).cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        while self.opened:
            self.opened.pop().close()

    @contextmanager
    def session(self, sql: str, role: str = "project", **more) -> Iterator:
        """Hold a transaction in which ``sql`` ran."""
        connection = self.connect(role, **more)
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(sql)
            try:
                yield connection
            finally:
                cursor.execute("ROLLBACK")
                connection.close()


EMPTY = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT pubname FROM pg_publication LOOP
        EXECUTE format('DROP PUBLICATION %I', name);
    END LOOP;
END $$;
DROP SCHEMA IF EXISTS public, "Old Stock" CASCADE;
CREATE SCHEMA public AUTHORIZATION project;
GRANT USAGE ON SCHEMA public TO PUBLIC
"""


@contextmanager
def made_database(live) -> Iterator[Database]:
    made = Database(live, f"live_{secrets.token_hex(4)}")
    made.run(f"CREATE DATABASE {made.name}", name="project")
    yield made
    made.close()
    # A superuser, since it may have to end an autovacuum worker.
    made.run(f"DROP DATABASE {made.name} WITH (FORCE)", "postgres", name="project")
    made.close()


@pytest.fixture(scope="package")
def shared(servers, django_db_blocker):
    with django_db_blocker.unblock(), made_database(servers[0]) as made:
        yield made


@pytest.fixture
def database(shared, django_db_blocker):
    """A database of the project's role, with nothing but a few tables."""
    with django_db_blocker.unblock():
        shared.run(EMPTY, "postgres")
        shared.run(TABLES)
        yield shared
        shared.close()


@pytest.fixture
def own_database(servers, django_db_blocker):
    """The same, for a test that leaves a worker behind."""
    with django_db_blocker.unblock(), made_database(servers[0]) as made:
        made.run(TABLES)
        yield made
