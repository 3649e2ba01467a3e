"""Leftovers of earlier attempts: invalid indexes and constraints that nobody validated."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.schema.sql_text import quoted_name

from .asked import Asked, Probe
from .obstacle import Obstacle, ObstacleKind

INVALID = """
SELECT i.indrelid::bigint AS "table", c.relname::text AS name, i.indisready AS ready,
       c.relname ~ '_cc(new|old)[0-9]*$' AS reindexed,
       EXISTS (SELECT FROM pg_locks l
               WHERE l.locktype = 'relation' AND l.relation = i.indrelid AND l.granted
                 AND l.mode = 'ShareUpdateExclusiveLock' AND l.pid <> pg_backend_pid()
                 AND l.database = (SELECT oid FROM pg_database
                                   WHERE datname = current_database())) AS busy
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY(%s::bigint[]) AND NOT i.indisvalid AND c.relkind = 'i'
ORDER BY c.relname
"""
NAMED = """
SELECT c.relname::text AS name, n.oid::bigint AS schema, i.indisvalid AS valid
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_index i ON i.indexrelid = c.oid
WHERE c.relname = ANY(%s::text[]) AND n.oid = ANY(%s::bigint[])
"""
NOT_VALIDATED = """
SELECT k.conrelid::bigint AS "table", k.conname::text AS name, k.contype::text AS kind
FROM pg_constraint k
WHERE k.conrelid = ANY(%s::bigint[]) AND NOT k.convalidated{enforced}
ORDER BY k.conrelid, k.conname
"""
KINDS = {"c": "check", "f": "foreign key", "n": "NOT NULL"}


def invalid_indexes(asked: Asked) -> Iterable[Obstacle]:
    for row in asked.rows(INVALID, [asked.oids]):
        target = asked.target(row["table"])
        name = row["name"]
        wanted = name in target.intent.builds
        if row["busy"]:
            message = f"Index {name} on {target.relation} is not valid yet; it may be being built."
            hint = "Wait until pg_stat_progress_create_index shows it no more."
        elif row["reindexed"]:
            message = (
                f"Index {name} on {target.relation} is left over from a REINDEX CONCURRENTLY "
                "that did not finish; every write keeps it up to date, and no query uses it."
            )
            hint = f"Drop it: DROP INDEX CONCURRENTLY {target.beside(name)}."
        else:
            cost = " every write keeps it up to date, and" if row["ready"] else ""
            message = (
                f"Index {name} on {target.relation} is not valid, since building it did not "
                f"finish;{cost} no query uses it."
            )
            hint = f"Drop it, then build it again: DROP INDEX CONCURRENTLY {target.beside(name)}."
        if wanted:
            message += " A pending statement makes an index of this name, and would fail."
        yield Obstacle(
            ObstacleKind.INVALID_INDEX,
            target.relation,
            message,
            hint,
            (("index", name),),
            blocks=wanted,
        )


def taken_names(asked: Asked) -> Iterable[Obstacle]:
    names = sorted({name for target in asked.targets for name in target.intent.builds})
    if not names:
        return
    schemas = sorted({target.row["schema_oid"] for target in asked.targets})
    found = {(row["schema"], row["name"]) for row in asked.rows(NAMED, [names, schemas])
             if row["valid"]}  # fmt: skip
    for target in asked.targets:
        for name in target.intent.builds:
            if (target.row["schema_oid"], name) in found:
                yield Obstacle(
                    ObstacleKind.INVALID_INDEX,
                    target.relation,
                    f"An index {name} is there already and valid, so the pending statement that "
                    "makes it would fail.",
                    "Run the migration with --fake if it is the same index, else rename one.",
                    (("index", name),),
                    blocks=True,
                )


def constraints_not_validated(asked: Asked) -> Iterable[Obstacle]:
    # Since 18 a constraint may be NOT ENFORCED, which is never validated, and meant so.
    sql = NOT_VALIDATED.format(enforced=" AND k.conenforced" if asked.version >= 180000 else "")
    for row in asked.rows(sql, [asked.oids]):
        target = asked.target(row["table"])
        kind = KINDS.get(row["kind"], "constraint")
        yield Obstacle(
            ObstacleKind.NOT_VALIDATED,
            target.relation,
            f"The {kind} constraint {row['name']} of {target.relation} is NOT VALID: new rows "
            "are checked, those from before it never were.",
            f"Validate it: ALTER TABLE {target.relation} VALIDATE CONSTRAINT "
            f"{quoted_name(row['name'])}.",
            (("constraint", row["name"]), ("kind", kind)),
        )


PROBES = (
    Probe("invalid indexes", invalid_indexes),
    Probe("names of indexes", taken_names),
    Probe("constraints that are not validated", constraints_not_validated),
)
