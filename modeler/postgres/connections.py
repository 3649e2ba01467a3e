"""Django connections that are in nobody's ``DATABASES``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db import Error as DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from modeler.errors import ConfigurationError, ServerError


def connection_to(settings: dict[str, Any], alias: str) -> BaseDatabaseWrapper:
    """Return a new connection to ``settings`` (an entry as in ``DATABASES``), not opened yet.

    It uses the project's own driver, psycopg 2 or 3, and is not in ``django.db.connections``.
    """
    handler = ConnectionHandler({DEFAULT_DB_ALIAS: {}, alias: dict(settings)})
    connection = handler[alias]
    plain_connect = connection.connect

    def connect() -> None:
        # Receivers of connection_created look their connection up by its alias, those of
        # django.contrib.postgres for example.
        with registered(connection):
            plain_connect()

    connection.connect = connect  # type: ignore[method-assign]
    return connection


def require_answer(connection: BaseDatabaseWrapper) -> None:
    """Open a connection unless it is open.

    Raises:
        ServerError: the server does not answer, or refuses.
    """
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise ServerError(
            f"The database {connection.alias!r} does not answer: {brief(error)}. Start it, or "
            "correct its settings."
        ) from error


def brief(error: Exception) -> str:
    """Return what a driver said, on one line: without its advice, and what it was doing."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].removeprefix("connection is bad: ").strip().rstrip(".")


@contextmanager
def registered(connection: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """Let ``connection`` be the one of its alias in this thread, for the time of the block.

    What had the alias before, ``default`` included, comes back after it.
    """
    alias = connection.alias
    entry = connections.settings.get(alias)
    previous = None if entry is None else connections[alias]
    forget_type_oids()
    connections.settings[alias] = connection.settings_dict
    connections[alias] = connection
    try:
        yield connection
    finally:
        if entry is None or previous is None:
            del connections.settings[alias]
            del connections[alias]
        else:
            connections.settings[alias] = entry
            connections[alias] = previous
        forget_type_oids()


def forget_type_oids() -> None:
    """Forget which numbers hstore and citext have: Django keeps them by alias for ever."""
    if signals := sys.modules.get("django.contrib.postgres.signals"):
        signals.get_hstore_oids.cache_clear()
        signals.get_citext_oids.cache_clear()


def postgres_connections() -> Iterable[BaseDatabaseWrapper]:
    """The project's connections that speak to PostgreSQL."""
    return [found for found in connections.all() if found.vendor == "postgresql"]


def postgres_alias(name: str) -> str:
    """Return the alias, once it is one of a PostgreSQL of the project.

    Raises:
        ConfigurationError: ``DATABASES`` has none of that name, or it is another vendor's.
    """
    if name not in connections:
        known = ", ".join(connections)
        raise ConfigurationError(f"DATABASES has no {name!r}. It has {known}.")
    if connections[name].vendor != "postgresql":
        raise ConfigurationError(f"{name} is no PostgreSQL, and no other is read here.")
    return name
