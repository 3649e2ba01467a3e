"""What a statement really does: locks seen from a second connection, the server's own notices,
files and counters. The yardstick that the rules are held against."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import psycopg

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import Effects, Lock, RelationKind, Work, WorkKind

KINDS = {
    "r": RelationKind.TABLE,
    "p": RelationKind.PARTITIONED_TABLE,
    "i": RelationKind.INDEX,
    "I": RelationKind.PARTITIONED_INDEX,
    "S": RelationKind.SEQUENCE,
    "v": RelationKind.VIEW,
    "m": RelationKind.MATERIALIZED_VIEW,
    "f": RelationKind.FOREIGN_TABLE,
}
RELATIONS = """
SELECT c.oid, CASE WHEN n.nspname = current_schema() THEN '' ELSE quote_ident(n.nspname) || '.' END
       || quote_ident(c.relname), c.relkind, c.relfilenode, c.reltablespace,
       CASE WHEN c.relkind IN ('r', 'm', 'i', 'S') THEN pg_relation_size(c.oid) ELSE 0 END,
       i.indrelid
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.oid
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'i', 'I', 'S', 'v', 'm', 'f')
  AND n.nspname NOT LIKE 'pg\\_t%'
"""
# Under the name of a partitioned table's key the ones of its partitions too.
FOREIGN_KEYS = """
WITH RECURSIVE line AS (
    SELECT oid, conname AS root, conrelid, confrelid FROM pg_constraint
    WHERE contype = 'f' AND conparentid = 0
    UNION ALL
    SELECT k.oid, line.root, k.conrelid, k.confrelid
    FROM pg_constraint k JOIN line ON k.conparentid = line.oid
)
SELECT root, array_agg(DISTINCT side) FROM line, unnest(ARRAY[conrelid, confrelid]) AS side
GROUP BY root
"""
COUNTERS = """
SELECT relid, coalesce(seq_scan, 0), coalesce(idx_scan, 0), n_tup_ins, n_tup_upd, n_tup_del
FROM pg_stat_xact_user_tables
"""
LOCKS = """
SELECT relation, mode FROM pg_locks
WHERE locktype = 'relation' AND granted AND pid = %s AND relation >= 16384
"""
# Statements that read rows for their own sake, and so do not check them.
DATA = re.compile(r"(SELECT|INSERT|UPDATE|DELETE|MERGE|COPY|REFRESH|CREATE TABLE AS)\b")


@dataclass(frozen=True, slots=True)
class Relation:
    name: str
    kind: RelationKind
    file: int
    space: int
    size: int
    table: int | None


@dataclass(slots=True)
class State:
    relations: dict[int, Relation]
    counters: dict[int, tuple[int, ...]]
    locks: set[tuple[int, str]]
    foreign_keys: dict[str, list[int]] = field(default_factory=dict)


def state(session: psycopg.Connection, observer: psycopg.Connection) -> State:
    """Read what there is now, as seen by ``session``; its locks are read by ``observer``."""
    locks = set(observer.execute(LOCKS, [session.info.backend_pid]).fetchall())
    found = session.execute(RELATIONS).fetchall()
    return State(
        {row[0]: Relation(row[1], KINDS[row[2]], *row[3:]) for row in found},
        {row[0]: row[1:] for row in session.execute(COUNTERS)},
        locks,
        dict(session.execute(FOREIGN_KEYS).fetchall()),
    )


def measured(session: psycopg.Connection, observer: psycopg.Connection, statement: str) -> Effects:
    """Execute ``statement`` in the open transaction of ``session``; return what it did.

    The transaction stays open: its locks are there to be seen. ``observer`` is in autocommit.
    """
    notices: list[str] = []
    before = state(session, observer)
    # Without sequential scans wherever an index would do, a scan tells that there is no index.
    session.execute("SET LOCAL enable_seqscan = off")
    session.execute("SET LOCAL client_min_messages = debug1")
    listener = lambda notice: notices.append(notice.message_primary or "")  # noqa: E731
    session.add_notice_handler(listener)
    try:
        tag = session.execute(statement).statusmessage or ""
    finally:
        session.remove_notice_handler(listener)
    session.execute("SET LOCAL client_min_messages = warning")
    after = state(session, observer)
    return effects_between(before, after, notices, tag)


def effects_between(before: State, after: State, notices: Iterable[str], tag: str) -> Effects:
    """Return what two states and the notices between them tell."""
    old = before.relations
    locks = [
        Lock(
            old[oid].name,
            old[oid].kind,
            LockMode.of_server(mode),
            table=old[old[oid].table].name if old[oid].table in old else "",
        )
        for oid, mode in after.locks - before.locks
        if oid in old
    ]
    # What is only made anew, under another number, is no new relation to anybody.
    known = {found.name for found in old.values()}
    creates = [found.name for oid, found in after.relations.items()
               if oid not in old and found.name not in known]  # fmt: skip
    return Effects(
        tuple(sorted(locks)), work_between(before, after, notices, tag), tuple(sorted(creates))
    )


def work_between(
    before: State, after: State, notices: Iterable[str], tag: str
) -> tuple[Work, ...]:
    old, new = before.relations, after.relations
    by_name = {found.name.rpartition(".")[2].strip('"'): found.name for found in old.values()}
    work: set[Work] = set()
    told: set[str] = set()  # tables whose reading the notices account for
    emptied = {
        found.name
        for oid, found in new.items()
        if oid in old and found.file != old[oid].file and not found.size
    }
    foreign_keys = before.foreign_keys | after.foreign_keys
    for notice in notices:
        if match := re.match(r'(rewriting|verifying) table "(.+)"$', notice):
            kind = WorkKind.REWRITE if match[1] == "rewriting" else WorkKind.SCAN
            if match[2] in by_name:
                work.add(Work(by_name[match[2]], kind))
        elif match := re.match(r'building index "(.+?)" on table "(.+?)"', notice):
            if match[2] in by_name and by_name[match[2]] not in emptied:
                work.add(Work(by_name[match[2]], WorkKind.INDEX_BUILD, match[1]))
        elif match := re.match(r'validating foreign key constraint "(.+)"$', notice):
            for oid in foreign_keys[match[1]]:
                # Of a partitioned table's key some partitions may be new.
                is_one = len(foreign_keys[match[1]]) <= 2
                touched_now = is_one or after.counters.get(oid) != before.counters.get(oid)
                if oid in old and old[oid].kind is RelationKind.TABLE and touched_now:
                    work.add(Work(old[oid].name, WorkKind.VALIDATION, match[1]))
    told |= {part.relation for part in work}
    for oid, found in new.items():
        if oid not in old or found.file == old[oid].file or found.kind is RelationKind.SEQUENCE:
            continue
        table = old[oid].table
        name = found.name if table is None else new[table].name
        if found.space != old[oid].space:
            work.add(Work(name, WorkKind.COPY))
            told.add(name)
        elif table is None and found.name not in emptied and found.size:
            work.add(Work(name, WorkKind.REWRITE))
            told.add(name)
    is_data = bool(DATA.match(tag))
    touched = False
    granted = {(oid, mode) for oid, mode in after.locks - before.locks}
    for oid, counts in after.counters.items():
        if oid not in old or old[oid].kind.value.endswith("index"):
            continue
        was = before.counters.get(oid, (0,) * 5)
        scans, lookups, *written = (now - then for now, then in zip(counts, was, strict=True))
        name = old[oid].name
        if name in emptied:
            continue
        # A lookup of a foreign key's check grows with the rows written, not with the table's.
        reads = scans > 0 or (
            lookups > 0 and (tag.startswith("SELECT") or (oid, "AccessShareLock") in granted)
        )
        if any(written) and is_data and name not in told:
            work.add(Work(name, WorkKind.ROWS))
        elif reads and name not in told:
            work.add(Work(name, WorkKind.READ if is_data else WorkKind.SCAN))
        touched |= any(written[1:]) or reads
    if not touched:  # rows that the statement spells out
        work = {part for part in work if part.kind is not WorkKind.ROWS}
    return tuple(sorted(work))


def held(session: psycopg.Connection, observer: psycopg.Connection) -> tuple[Lock, ...]:
    """Return the locks that the transaction of ``session`` holds by now."""
    now = state(session, observer)
    return tuple(
        Lock(now.relations[oid].name, now.relations[oid].kind, LockMode.of_server(mode))
        for oid, mode in now.locks
        if oid in now.relations
    )
