"""What the migrating session brings: its timeouts, and a pooler before the server."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.postgres.catalogs import rows

from .asked import Target
from .obstacle import Obstacle, ObstacleKind, seconds

TIMEOUTS = """
SELECT name, setting::float8 AS milliseconds FROM pg_settings
WHERE name IN ('lock_timeout', 'statement_timeout', 'deadlock_timeout',
               'idle_in_transaction_session_timeout', 'transaction_timeout')
"""
PGBOUNCER_PORT = "6432"


@dataclass(frozen=True, slots=True)
class Session:
    """Facts about a connection, read before a probe's own timeouts are set.

    Attributes:
        timeouts: milliseconds by name; 0 means none.
        pooled: the server's process is not the one that answered the login.
        port: as the settings say.
        hinted: the settings say that server-side cursors do not work, as behind a pooler.
    """

    timeouts: dict[str, float]
    pooled: bool
    port: str
    hinted: bool


def read_session(connection: BaseDatabaseWrapper) -> Session:
    """Read what this connection runs under."""
    with connection.cursor() as cursor:
        timeouts = {row["name"]: row["milliseconds"] for row in rows(cursor, TIMEOUTS)}
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    settings = connection.settings_dict
    return Session(
        timeouts=timeouts,
        pooled=_login_pid(connection) not in (None, pid),
        port=str(settings.get("PORT") or ""),
        hinted=bool(settings.get("DISABLE_SERVER_SIDE_CURSORS")),
    )


def _login_pid(connection: BaseDatabaseWrapper) -> int | None:
    """Return the process that the login named; a pooler names one of its own making."""
    raw = connection.connection
    info = getattr(raw, "info", None)  # psycopg 2 and 3
    return getattr(info, "backend_pid", None)


def judge_session(session: Session, targets: tuple[Target, ...]) -> Iterable[Obstacle]:
    """Say what timeouts and poolers mean for what is pending."""
    modes = {mode for target in targets for mode in target.intent.modes}
    concurrent = [target.relation for target in targets if target.intent.concurrently]
    lock = session.timeouts.get("lock_timeout", 0)
    evidence = tuple((name, f"{value:.0f} ms") for name, value in sorted(session.timeouts.items()))
    if not lock and any(mode.blocks_reads or mode.blocks_writes for mode in modes):
        yield Obstacle(
            ObstacleKind.TIMEOUT,
            "session",
            "lock_timeout is 0: a statement that waits for a lock waits for ever, and everybody "
            "queues behind it.",
            "Set it in OPTIONS of DATABASES for the migrating process: "
            "-c lock_timeout=2000, and try again when it runs out.",
            evidence,
        )
    if lock and concurrent:
        yield Obstacle(
            ObstacleKind.TIMEOUT,
            "session",
            f"lock_timeout is {_milliseconds(lock)}, and building concurrently on "
            f"{', '.join(concurrent)} waits for older transactions under it; when it runs out, "
            "an invalid index stays behind.",
            "Set lock_timeout to 0 for statements with CONCURRENTLY.",
            evidence,
        )
    for name in ("statement_timeout", "transaction_timeout"):
        limit = session.timeouts.get(name, 0)
        heavy = concurrent + [target.relation for target in targets if target.intent.rewrites]
        if limit and heavy:
            yield Obstacle(
                ObstacleKind.TIMEOUT,
                "session",
                f"{name} is {_milliseconds(limit)}: longer work on {', '.join(heavy)} is "
                "cancelled.",
                f"Set {name} to 0 for the migration, or above its estimated duration.",
                evidence,
            )
    if session.pooled or session.port == PGBOUNCER_PORT:
        found = (
            "The server's process is not the one that answered the login"
            if session.pooled
            else f"The port {PGBOUNCER_PORT} is PgBouncer's"
        )
        yield Obstacle(
            ObstacleKind.POOLER,
            "session",
            f"{found}, so a pooler sits in between. Where it pools by transaction, SET is lost "
            "between statements, and so are timeouts and advisory locks.",
            "Migrate over a connection that goes to the server itself.",
        )
    elif session.hinted:
        yield Obstacle(
            ObstacleKind.POOLER,
            "session",
            "DISABLE_SERVER_SIDE_CURSORS is set, which is meant for poolers by transaction; "
            "there, SET is lost between statements.",
            "Migrate over a connection that goes to the server itself.",
        )


def _milliseconds(value: float) -> str:
    return f"{value:.0f} ms" if value < 1000 else seconds(value / 1000)
