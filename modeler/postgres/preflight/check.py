"""All probes, one after the other; each may fail alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ServerError
from modeler.postgres.catalogs import OLDEST, check_vendor, read_only

from . import leftovers, prepared, privileges, replication, space, transactions, vacuum
from .asked import Asked, Probe, targets_of
from .intent import Intent
from .obstacle import Obstacle, ObstacleKind
from .session import judge_session, read_session

PROBES: tuple[Probe, ...] = (
    *replication.PROBES[:1],
    *privileges.PROBES,
    *transactions.PROBES,
    *prepared.PROBES,
    *vacuum.PROBES,
    *leftovers.PROBES,
    *space.PROBES,
    *replication.PROBES[1:],
)
OLDER_THAN = 2.0
ABOUT = """
SELECT current_setting('server_version_num')::int, current_user::text, current_schema()::text,
       current_setting('search_path')
"""


def preflight(
    connection: BaseDatabaseWrapper, intents: Sequence[Intent], *, older_than: float = OLDER_THAN
) -> tuple[Obstacle, ...]:
    """Ask a live server what stands in the way of pending statements, without touching it.

    Every probe has a read-only transaction of its own with short timeouts, takes no lock on a
    table of the project, and needs no superuser.

    Args:
        connection: to the live database, as the migrating role.
        intents: the tables that the statements touch; those that are not there yet are left
            out.
        older_than: seconds; younger transactions are taken to end by themselves.

    Returns:
        What blocks first, then what is to be known; within them in the order of the probes.

    Raises:
        ServerError: not PostgreSQL, too old, or no answer.
    """
    check_vendor(connection)
    try:
        # First, since read_only sets timeouts of its own.
        connection.ensure_connection()
        session = read_session(connection)
        with read_only(connection) as cursor:
            cursor.execute(ABOUT)
            version, role, schema, path = cursor.fetchone()
            targets = targets_of(cursor, intents)
    except DatabaseError as error:
        raise ServerError(
            f"The database {connection.alias!r} does not answer: {_one_line(error)}. Start it, or "
            "correct its settings."
        ) from error
    if version < OLDEST:
        raise ServerError(
            f"{connection.alias!r} is PostgreSQL {version // 10000}; modeler reads 14 and later. "
            "Upgrade the server."
        )
    found: list[Obstacle] = []
    if schema is None and any(not intent.schema for intent in intents):
        found.append(
            Obstacle(
                ObstacleKind.PRIVILEGE,
                "session",
                f"{role} may use no schema of its search path ({path}), so that it sees none of "
                "the tables, and nothing more was asked about them.",
                f"Let the schema's owner GRANT USAGE, CREATE ON SCHEMA … TO {role}, or correct "
                "search_path.",
                (("role", role), ("search_path", path)),
                blocks=True,
            )
        )
    for probe in PROBES:
        if targets or not probe.needs_targets:
            asked = Asked(None, connection, targets, version, older_than)
            found += _ask(probe, asked)
    found += judge_session(session, targets)
    return tuple(sorted(found, key=lambda obstacle: not obstacle.blocks))


def _ask(probe: Probe, asked: Asked) -> list[Obstacle]:
    """Run a probe in a transaction of its own; a failure is an answer."""
    try:
        with read_only(asked.connection) as cursor:
            return list(probe.read(replace(asked, cursor=cursor)))
    except DatabaseError as error:
        return [
            Obstacle(
                ObstacleKind.NOT_CHECKED,
                "server",
                f"Not checked: {probe.title}. The server said: {_one_line(error)}.",
                "Ask again; if it persists, grant the role pg_monitor.",
            )
        ]


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")
