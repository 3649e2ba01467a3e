"""What time PostgreSQL has."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.utils.connection import ConnectionDoesNotExist


def server_clock(alias: str = DEFAULT_DB_ALIAS) -> datetime | None:
    """Return the time of a database's server, aware; None where it cannot be asked.

    Args:
        alias: of the database.
    """
    try:
        connection = connections[alias]
        if connection.vendor != "postgresql":
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            (seconds,) = cursor.fetchone()
    except (Error, ConnectionDoesNotExist):
        return None
    return datetime.fromtimestamp(float(seconds), UTC)
