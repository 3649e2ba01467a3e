"""Vacuum against wraparound: unlike any other autovacuum it does not yield to who waits."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.postgres.locks import LockMode

from .asked import Asked, Probe
from .obstacle import Obstacle, ObstacleKind, seconds

# Source: PostgreSQL manual, 25.1.5 and 25.1.6.
RUNNING = """
SELECT l.relation::bigint AS relation, l.pid,
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS age
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.relation = ANY(%s::bigint[]) AND l.granted
  AND l.mode = 'ShareUpdateExclusiveLock' AND a.backend_type = 'autovacuum worker'
  AND a.query LIKE '%%to prevent wraparound%%'
ORDER BY l.relation
"""
LIMIT = "SELECT current_setting('autovacuum_freeze_max_age')::float8 AS most"
SOON = 0.95


def wraparound_vacuums(asked: Asked) -> Iterable[Obstacle]:
    running = {row["relation"]: row for row in asked.rows(RUNNING, [asked.oids])}
    # TOAST tables are vacuumed apart, and hold a lock on themselves alone.
    (limit,) = asked.rows(LIMIT)
    for target in asked.targets:
        row = running.get(target.oid)
        waits = target.intent.conflicts_with(LockMode.SHARE_UPDATE_EXCLUSIVE)
        if row is not None:
            age = "" if row["age"] is None else f" for {seconds(row['age'])}"
            yield Obstacle(
                ObstacleKind.WRAPAROUND_VACUUM,
                target.relation,
                f"Autovacuum works on {target.relation}{age} to prevent wraparound of transaction "
                "numbers, and does not stop for anybody.",
                "Wait until pg_stat_progress_vacuum shows it no more; it must not be ended.",
                (("pid", str(row["pid"])),),
                blocks=waits,
            )
        elif waits and (target.row["frozen_age"] or 0) >= SOON * limit["most"]:
            yield Obstacle(
                ObstacleKind.WRAPAROUND_VACUUM,
                target.relation,
                f"{target.relation} is {target.row['frozen_age']:,} transactions old; at "
                f"{limit['most']:,.0f} autovacuum starts on it and does not stop for anybody.",
                f"Run VACUUM (FREEZE) {target.relation} before, at a quiet time.",
                (("age", str(target.row["frozen_age"])),),
            )


PROBES = (Probe("vacuums against wraparound", wraparound_vacuums),)
