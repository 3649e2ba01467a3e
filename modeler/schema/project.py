"""The project's models, with what their databases alone know of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.apps.registry import Apps
from django.db import DatabaseError, connections

from modeler.errors import ServerError
from modeler.postgres.connections import brief
from modeler.schema.database_rules import aliases_to_ask, with_database_rules
from modeler.schema.live import read_database
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema

DATABASE = "rules and types of the database"


def read_project(*, apps: Apps | None = None, aliases: Iterable[str] | None = None) -> Schema:
    """Read the models, and the databases of those that only a database knows whole.

    A database is asked for unmanaged models and for columns of a type that somebody made; no
    other. One that does not answer, or is not PostgreSQL, is named among ``unread``, and its
    models are read as they stand.

    Args:
        apps, aliases: see ``read_registry``.

    Raises:
        ModelerError: see ``read_registry``.
    """
    schema = read_registry(apps=apps, aliases=aliases)
    for alias in sorted(aliases_to_ask(schema)):
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        try:
            live = read_database(connection)
        except (ServerError, DatabaseError) as error:
            said = str(error) if isinstance(error, ServerError) else brief(error)
            schema = replace(schema, unread=(*schema.unread, (f"{DATABASE} {alias}", said)))
        else:
            schema = with_database_rules(schema, live)
    return schema


def selected(schema: Schema, names: Iterable[str]) -> Schema:
    """Return the named apps and tables; what could not be asked is named where they need it.

    Args:
        schema: of ``read_project``.
        names: see ``Schema.select``.

    Raises:
        UnknownName: see ``Schema.select``.
    """
    chosen = schema.select(names)
    needed = {f"{DATABASE} {alias}" for alias in aliases_to_ask(chosen)}
    unread = tuple(
        (subject, reason)
        for subject, reason in chosen.unread
        if subject in needed or not subject.startswith(f"{DATABASE} ")
    )
    return replace(chosen, unread=unread)


def unanswered(schema: Schema) -> tuple[str, ...]:
    """Return what could not be asked, one sentence a database."""
    return tuple(
        f"{subject}: {reason}"
        for subject, reason in schema.unread
        if subject.startswith(f"{DATABASE} ")
    )
