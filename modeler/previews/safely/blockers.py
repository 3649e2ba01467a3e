"""Whom a waiting session waits for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modeler.postgres.catalogs import rows
from modeler.postgres.preflight.obstacle import seconds
from modeler.postgres.preflight.transactions import first_words

# An autovacuum worker is in a database and nobody's; its kind is hidden from other roles.
# Asking for blockers stops the lock table for a moment, so it is asked of who waits alone.
BLOCKERS = """
SELECT DISTINCT b.pid, a.usename::text AS role, a.application_name AS application, a.state,
       a.usesysid IS NULL AND a.datid IS NOT NULL AS autovacuum, a.query,
       extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.query_start))::float8 AS age
FROM pg_stat_activity own
CROSS JOIN LATERAL unnest(pg_blocking_pids(own.pid)) AS b(pid)
LEFT JOIN pg_stat_activity a ON a.pid = b.pid
WHERE own.pid = %s AND own.wait_event_type = 'Lock'
ORDER BY b.pid
"""
AWAITED = """
SELECT l.locktype::text AS kind, c.relname::text AS relation
FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation AND l.locktype = 'relation'
WHERE l.pid = %s AND NOT l.granted
"""


@dataclass(frozen=True, slots=True)
class Blocker:
    """A session, or a prepared transaction (pid 0), that holds what another one needs.

    Attributes:
        age: seconds since its transaction began, None where that is hidden.
        query: the beginning of what it runs or ran last, ``""`` where that is hidden.
    """

    pid: int
    role: str = ""
    application: str = ""
    state: str = ""
    age: float | None = None
    query: str = ""
    autovacuum: bool = False

    def __str__(self) -> str:
        if not self.pid:
            return "a prepared transaction (see pg_prepared_xacts)"
        if self.autovacuum:
            return f"process {self.pid}, an autovacuum worker"
        who = f"process {self.pid}"
        if self.role:
            who += f" of {self.role}"
        if self.application:
            who += f" ({self.application})"
        parts = [who]
        if self.age is not None:
            parts.append(f"transaction open for {seconds(self.age)}")
        if self.state.startswith("idle in transaction"):
            parts.append("idle")
        if self.query:
            verb = "runs" if self.state == "active" else "last ran"
            parts.append(f"{verb} {self.query!r}")
        return ", ".join(parts)


def blockers_of(cursor: Any, pid: int) -> tuple[Blocker, ...]:
    """Return whom a session waits for; nobody where it does not wait for a lock."""
    return tuple(
        Blocker(
            row["pid"],
            row["role"] or "",
            row["application"] or "",
            row["state"] or "",
            row["age"],
            first_words(row["query"]),
            bool(row["autovacuum"]),
        )
        for row in rows(cursor, BLOCKERS, [pid])
    )


def awaited(cursor: Any, pid: int) -> str:
    """Return in words what a session waits for."""
    for row in rows(cursor, AWAITED, [pid]):
        if row["relation"]:
            return f"a lock on {row['relation']}"
        if row["kind"] in ("virtualxid", "transactionid"):
            return "the end of older transactions"
        if row["kind"] == "tuple":
            return "a row that somebody changes"
    return "a lock"
