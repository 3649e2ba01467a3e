"""Databases of a test's own, on the server of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.postgres.connections import connection_to


@contextmanager
def new_database(name: str) -> Iterator[dict[str, Any]]:
    """Make an empty database for the time of the block, and yield its settings."""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield {**connection.settings_dict, "NAME": name}
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def database_of(name: str, sql: str = "") -> Iterator[BaseDatabaseWrapper]:
    """Make a database with what the statements make, and yield a connection to it."""
    with new_database(name) as settings:
        own = connection_to(settings, "default")
        if sql:
            with own.cursor() as cursor:
                cursor.execute(sql)
        yield own
        own.close()
