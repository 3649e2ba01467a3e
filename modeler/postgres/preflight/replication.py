"""Servers that follow this one, and what they would meet."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.postgres.locks import LockMode

from .asked import Asked, Probe
from .obstacle import Obstacle, ObstacleKind, seconds, size

RECOVERY = "SELECT pg_is_in_recovery() AS standby"
# Without pg_monitor everything but the process is hidden.
STANDBYS = """
SELECT r.pid, r.application_name AS application, r.state,
       extract(epoch FROM r.replay_lag)::float8 AS lag,
       CASE WHEN NOT pg_is_in_recovery()
            THEN pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn)::float8 END AS behind,
       r.sync_state AS sync, s.slot_type AS slot
FROM pg_stat_replication r LEFT JOIN pg_replication_slots s ON s.active_pid = r.pid
ORDER BY r.application_name, r.pid
"""
SLOTS = """
SELECT slot_name::text AS name, slot_type AS kind, active, wal_status AS status,
       CASE WHEN NOT pg_is_in_recovery()
            THEN pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 END AS kept,
       safe_wal_size::float8 AS safe
FROM pg_replication_slots WHERE NOT temporary
ORDER BY slot_name
"""
PUBLICATIONS = """
SELECT c.oid::bigint AS "table", p.pubname::text AS name
FROM pg_class c
JOIN pg_publication p ON p.puballtables
  OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = c.oid)
  {schemas}
WHERE c.oid = ANY(%s::bigint[])
ORDER BY c.oid, p.pubname
"""
OF_SCHEMAS = """OR EXISTS (SELECT FROM pg_publication_namespace n
             WHERE n.pnpubid = p.oid AND n.pnnspid = c.relnamespace)"""
# What subscribes is for superusers alone; that something does, everybody may see.
SUBSCRIPTIONS = """
SELECT DISTINCT srrelid::bigint AS "table" FROM pg_subscription_rel
WHERE srrelid = ANY(%s::bigint[]) ORDER BY 1
"""


def recovery(asked: Asked) -> Iterable[Obstacle]:
    (row,) = asked.rows(RECOVERY)
    if row["standby"]:
        yield Obstacle(
            ObstacleKind.STANDBY,
            "server",
            "This server follows another one and can only be read; migrations cannot run here.",
            "Name the primary with --database.",
            blocks=True,
        )


def standbys(asked: Asked) -> Iterable[Obstacle]:
    exclusive = [
        target.relation
        for target in asked.targets
        if LockMode.ACCESS_EXCLUSIVE in target.intent.modes
    ]
    written = sum(target.row["bytes"] for target in asked.targets if target.intent.rewrites)
    for row in asked.rows(STANDBYS):
        if row["slot"] == "logical":
            continue
        name = row["application"] or f"process {row['pid']}"
        message = f"A standby follows this server ({name}"
        if row["behind"] is not None:
            message += f", {size(max(row['behind'], 0))} behind"
        if row["lag"]:
            message += f", {seconds(row['lag'])}"
        message += ")."
        if exclusive:
            message += (
                f" Access exclusive locks on {', '.join(exclusive)} are replayed there; reads of "
                "them wait, and those that were running are cancelled after "
                "max_standby_streaming_delay."
            )
        if written:
            message += f" Rewrites send it about {size(written)} or more of WAL."
        yield Obstacle(
            ObstacleKind.STANDBY,
            "server",
            message,
            "Tell its readers, and watch pg_stat_replication while it catches up.",
            tuple((key, str(row[key])) for key in ("application", "state", "sync") if row[key]),
        )


def slots(asked: Asked) -> Iterable[Obstacle]:
    for row in asked.rows(SLOTS):
        if row["active"] and row["status"] in ("reserved", None):
            continue
        kept = "" if row["kept"] is None else f" {size(row['kept'])} of"
        state = "nobody reads" if not row["active"] else f"is {row['status']}"
        message = (
            f"The {row['kind']} replication slot {row['name']!r}, which {state}, keeps{kept} WAL "
            "on disk, and all that a rewrite or a backfill adds."
            if row["status"] != "lost"
            else f"The {row['kind']} replication slot {row['name']!r} has lost WAL that it needed."
        )
        yield Obstacle(
            ObstacleKind.REPLICATION_SLOT,
            "server",
            message,
            "Let its reader come back, or drop it: "
            f"SELECT pg_drop_replication_slot('{row['name']}').",
            (("slot", row["name"]), ("status", str(row["status"]))),
        )


def publications(asked: Asked) -> Iterable[Obstacle]:
    sql = PUBLICATIONS.format(schemas=OF_SCHEMAS if asked.version >= 150000 else "")
    for row in asked.rows(sql, [asked.oids]):
        target = asked.target(row["table"])
        yield Obstacle(
            ObstacleKind.PUBLICATION,
            target.relation,
            f"The publication {row['name']} sends rows of {target.relation} to subscribers; "
            "changes of its columns are not sent, and rows that no longer fit stop them.",
            "Add columns at the subscribers first; remove them there last.",
            (("publication", row["name"]),),
        )


def subscriptions(asked: Asked) -> Iterable[Obstacle]:
    for row in asked.rows(SUBSCRIPTIONS, [asked.oids]):
        target = asked.target(row["table"])
        yield Obstacle(
            ObstacleKind.SUBSCRIPTION,
            target.relation,
            f"Rows of {target.relation} come from a publication of another server by a "
            "subscription; its worker writes the table all the time.",
            "Change the table here before the publisher, or disable the subscription meanwhile.",
        )


PROBES = (
    Probe("whether it is a standby", recovery, needs_targets=False),
    Probe("standbys", standbys, needs_targets=False),
    Probe("replication slots", slots, needs_targets=False),
    Probe("publications", publications),
    Probe("subscriptions", subscriptions),
)
