"""Takes entries off the queue, in the transaction that ends when their documents are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from modeler.mongo.documents.sql import Key
from modeler.mongo.sync.tables import DEAD, QUEUE

# Held shared by every batch, and alone by who renames collections.
SWAP_LOCK = 7_205_760
# A clock may be put back: then nothing was ever changed in the future, and nothing waits for
# longer than it can have been told to.
CLAIM = f"""
WITH next AS (
    SELECT id FROM {QUEUE}
    WHERE (not_before IS NULL OR not_before <= clock_timestamp()
        OR not_before > clock_timestamp() + interval '1 minute') AND watch = ANY(%s)
    ORDER BY low, id FOR UPDATE SKIP LOCKED LIMIT %s
)
DELETE FROM {QUEUE} q USING next WHERE q.id = next.id
RETURNING q.watch, q.key, q.low, q.after, q.attempts, (q.at AT TIME ZONE 'UTC'),
    greatest(0, extract(epoch FROM clock_timestamp() - q.at))::float8,
    pg_advisory_xact_lock_shared({SWAP_LOCK})
"""
# Entries of others: of collections that this worker does not follow, or of newer triggers.
UNCLAIMED = f"""
SELECT watch, count(*) FROM {QUEUE} WHERE watch <> ALL(%s) GROUP BY 1 ORDER BY 1
"""
LATER = f"""
SELECT extract(epoch FROM min(not_before) - clock_timestamp())::float8 FROM {QUEUE}
WHERE not_before IS NOT NULL AND watch = ANY(%s)
"""
REQUEUE = f"""
INSERT INTO {QUEUE} (watch, key, low, after, attempts, not_before, at)
SELECT watch, key::text[], low, after::text[], attempts, clock_timestamp() + wait, at
FROM unnest(%s::text[], %s::text[], %s::boolean[], %s::text[], %s::smallint[], %s::interval[],
            %s::timestamptz[])
     AS again(watch, key, low, after, attempts, wait, at)
"""
# What two workers must not build at the same time: the order of their versions has to be that
# of their snapshots. Sorted, so that they cannot wait for each other in a circle.
LOCK = """
SELECT pg_advisory_xact_lock(hash) FROM (
    SELECT DISTINCT hashtextextended(name, 7205759) AS hash FROM unnest(%s::text[]) AS name
    ORDER BY 1
) sorted
"""
BURY = f"""
INSERT INTO {DEAD} (collection, key, reason, attempts)
VALUES (%s, %s::text[], %s, %s)
ON CONFLICT (collection, key) DO UPDATE
SET reason = excluded.reason, attempts = excluded.attempts, at = excluded.at
"""
WAITING = f"""
SELECT count(*), greatest(0, extract(epoch FROM clock_timestamp() - min(at)))::float8
FROM {QUEUE} WHERE NOT low OR attempts = 0
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the queue.

    Attributes:
        watch: what changed, see ``Watch.name``.
        key: of the changed row, None for all of the collection.
        low: of many; waits behind the others.
        after: root key after which a page of many goes on.
        attempts: how often it failed.
        at: when the change was made, by the server's clock, in UTC without an offset: with one
            a value takes three times as long to read.
        age: seconds from then to the claim, by the same clock.
    """

    watch: str
    key: Key | None
    low: bool
    after: Key | None
    attempts: int
    at: datetime
    age: float = 0.0


def claim(cursor: Any, known: Sequence[str], size: int) -> list[Entry]:
    """Take entries of known watches that nobody else has; a rollback brings them back.

    With the first comes the shared ``SWAP_LOCK``, kept until the transaction ends.

    Those of others stay: a worker that is older than the triggers must not lose what it cannot
    understand.

    Args:
        cursor: of a transaction.
        known: names of watches.
        size: entries at most.
    """
    cursor.execute(CLAIM, [list(known), size])
    return [
        Entry(
            watch, tuple(key) if key is not None else None, low,
            tuple(after) if after is not None else None, attempts, at, age,
        )
        for watch, key, low, after, attempts, at, age, _ in cursor.fetchall()
    ]  # fmt: skip


def requeue(cursor: Any, entries: Iterable[tuple[Entry, float]]) -> None:
    """Put entries back, each to be taken after so many seconds."""
    entries = list(entries)
    if not entries:
        return
    columns: list[list[Any]] = [
        [entry.watch for entry, _ in entries],
        [_array(entry.key) for entry, _ in entries],
        [entry.low for entry, _ in entries],
        [_array(entry.after) for entry, _ in entries],
        [entry.attempts for entry, _ in entries],
        [f"{wait:.3f} seconds" for _, wait in entries],
        [f"{entry.at.isoformat()}Z" for entry, _ in entries],
    ]
    cursor.execute(REQUEUE, columns)


def lock(cursor: Any, names: Sequence[str]) -> None:
    """Wait until nobody else builds these documents, and keep others from it."""
    if names:
        cursor.execute(LOCK, [list(names)])
        cursor.fetchall()


def bury(cursor: Any, collection: str, key: Key, reason: str, attempts: int) -> None:
    """Keep a document that cannot be written among the dead letters."""
    cursor.execute(BURY, [collection, list(key), reason, attempts])


def unclaimed(cursor: Any, known: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Return the watches of entries that are none of these, with how many there are."""
    cursor.execute(UNCLAIMED, [list(known)])
    return tuple((watch, int(count)) for watch, count in cursor.fetchall())


def seconds_to_next(cursor: Any, known: Sequence[str]) -> float | None:
    """Return in how many seconds the next entry may be tried again; None without any."""
    cursor.execute(LATER, [list(known)])
    (seconds,) = cursor.fetchone()
    return None if seconds is None else max(0.0, float(seconds))


def waiting(cursor: Any) -> tuple[int, float]:
    """Return how many entries wait, and how many seconds the oldest has waited."""
    cursor.execute(WAITING)
    count, seconds = cursor.fetchone()
    return int(count), float(seconds)


def _array(key: Key | None) -> str | None:
    """Return an array in PostgreSQL's own spelling, since arrays of arrays must be even."""
    if key is None:
        return None
    escaped = (part.replace("\\", "\\\\").replace('"', '\\"') for part in key)
    return "{" + ",".join(f'"{part}"' for part in escaped) + "}"
