"""Transactions that pending statements would wait for."""

from __future__ import annotations

import time
from collections.abc import Iterable

from modeler.postgres.catalogs import Row
from modeler.postgres.locks import OF_SERVER, LockMode

from .asked import Asked, Probe, Target
from .obstacle import Obstacle, ObstacleKind, seconds

QUERY_WORDS = 80
# Without pg_monitor, others' xact_start, state, query and application are hidden.
LOCKS = """
SELECT l.relation::bigint AS relation, l.mode::text AS mode, l.granted, l.pid,
       l.virtualtransaction::text AS transaction,
       a.usename::text AS role, a.application_name AS application, a.state,
       a.backend_type AS backend, a.query,
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS age,
       extract(epoch FROM clock_timestamp() - l.waitstart)::float8 AS waited
FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.relation = ANY(%s::bigint[]) AND l.pid <> pg_backend_pid()
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY l.relation, a.xact_start NULLS FIRST, l.pid, l.mode
"""
STILL_HELD = """
SELECT DISTINCT virtualtransaction::text AS transaction FROM pg_locks
WHERE virtualtransaction = ANY(%s::text[]) AND locktype = 'relation'
"""
SNAPSHOTS = """
SELECT pid, usename::text AS role, application_name AS application, state, query,
       backend_type AS backend,
       extract(epoch FROM clock_timestamp() - xact_start)::float8 AS age
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)
  AND xact_start < clock_timestamp() - make_interval(secs => %s)
  AND backend_type <> 'autovacuum worker'
ORDER BY xact_start
"""
HIDDEN = "SELECT NOT pg_has_role('pg_read_all_stats', 'USAGE') AS hidden"


def lock_holders(asked: Asked) -> Iterable[Obstacle]:
    """Find old transactions whose locks conflict, and queues that exist already."""
    conflicting = [
        row
        for row in asked.rows(LOCKS, [asked.oids])
        if row["mode"] in OF_SERVER
        and asked.target(row["relation"]).intent.conflicts_with(LockMode.of_server(row["mode"]))
    ]
    still = _still_held(asked, [row for row in conflicting if row["age"] is None])
    # One transaction may hold several modes of a table.
    by_holder: dict[tuple, list[Row]] = {}
    for row in conflicting:
        if row["backend"] != "autovacuum worker":  # it yields, or another probe names it
            key = (row["relation"], row["transaction"], row["granted"])
            by_holder.setdefault(key, []).append(row)
    for (relation, transaction, granted), some in by_holder.items():
        row = some[0]
        modes = " and ".join(sorted(LockMode.of_server(one["mode"]).value for one in some))
        if not granted:
            if row["waited"] is None or row["waited"] >= asked.older_than:
                yield _waiting(asked.target(relation), row, modes)
        elif transaction in still if row["age"] is None else row["age"] >= asked.older_than:
            yield _holding(asked.target(relation), row, modes)


def _still_held(asked: Asked, unknown: list[Row]) -> set[str]:
    """Return which transactions of hidden age outlive a wait."""
    if not unknown:
        return set()
    # A prepared transaction has no process, and a probe of its own.
    time.sleep(asked.older_than)
    names = sorted({row["transaction"] for row in unknown if row["pid"] is not None})
    return {row["transaction"] for row in asked.rows(STILL_HELD, [names])}


def _holding(target: Target, row: Row, modes: str) -> Obstacle:
    age = "of unknown age" if row["age"] is None else f"open for {seconds(row['age'])}"
    return Obstacle(
        ObstacleKind.LOCK_HOLDER,
        target.relation,
        f"{_who(row)} holds {modes} on {target.relation} in a transaction {age}"
        f"{_doing(row)}; statements that need {_needed(target)} wait for it, and everybody who "
        "comes after waits behind them.",
        f"Wait until it ends, or end it: SELECT pg_terminate_backend({row['pid']}). "
        "Migrate with a short lock_timeout, so that nobody queues for long.",
        (*_evidence(row), ("modes", modes)),
        blocks=True,
    )


def _waiting(target: Target, row: Row, modes: str) -> Obstacle:
    waited = "" if row["waited"] is None else f" for {seconds(row['waited'])}"
    return Obstacle(
        ObstacleKind.LOCK_QUEUE,
        target.relation,
        f"{_who(row)} waits{waited} for {modes} on {target.relation}{_doing(row)}; whoever comes "
        "after queues behind it.",
        "Wait until the queue is gone: SELECT pg_blocking_pids"
        f"({row['pid']}) names whom it waits for.",
        (*_evidence(row), ("modes", modes)),
        blocks=True,
    )


def long_transactions(asked: Asked) -> Iterable[Obstacle]:
    """Find old snapshots anywhere in the database: building concurrently waits for them all."""
    concurrent = [target.relation for target in asked.targets if target.intent.concurrently]
    for row in asked.rows(SNAPSHOTS, [asked.older_than]):
        message = f"{_who(row)} has a transaction open for {seconds(row['age'])}{_doing(row)}"
        if concurrent:
            message += (
                f"; building concurrently on {', '.join(concurrent)} waits until it has ended, "
                "whatever tables it uses"
            )
        yield Obstacle(
            ObstacleKind.LONG_TRANSACTION,
            "server",
            f"{message}.",
            f"Wait until it ends, or end it: SELECT pg_terminate_backend({row['pid']}).",
            _evidence(row),
            blocks=bool(concurrent),
        )
    (about,) = asked.rows(HIDDEN)
    if about["hidden"]:
        yield Obstacle(
            ObstacleKind.NOT_CHECKED,
            "server",
            "This role does not see other roles' transactions: their age, program and query are "
            "hidden, and long ones that hold no lock on these tables cannot be found.",
            "Grant it pg_monitor to see them.",
        )


def _needed(target: Target) -> str:
    return " and ".join(
        mode.value for mode in sorted(target.intent.modes, key=lambda mode: mode.strength)
    )


def _who(row: Row) -> str:
    application = f" ({row['application']})" if row["application"] else ""
    role = f" of {row['role']}" if row["role"] else ""
    return f"Process {row['pid']}{role}{application}"


def _doing(row: Row) -> str:
    state = row["state"] or ""
    if state.startswith("idle in transaction"):
        return ", which sits idle"
    words = first_words(row["query"])
    return f", which runs {words!r}" if words and state == "active" else ""


def first_words(query: str | None) -> str:
    """Return the start of a query on one line; ``""`` where it is hidden."""
    if not query or query == "<insufficient privilege>":
        return ""
    line = " ".join(query.split())
    return line if len(line) <= QUERY_WORDS else f"{line[:QUERY_WORDS]}…"


def _evidence(row: Row) -> tuple[tuple[str, str], ...]:
    found = {
        "pid": str(row["pid"]),
        "role": row["role"],
        "application": row["application"],
        "state": row["state"],
        "seconds": None if row["age"] is None else f"{row['age']:.1f}",
        "query": first_words(row["query"]),
    }
    return tuple((name, value) for name, value in found.items() if value)


PROBES = (
    Probe("transactions that hold locks on the tables", lock_holders),
    Probe("long transactions", long_transactions, needs_targets=False),
)
