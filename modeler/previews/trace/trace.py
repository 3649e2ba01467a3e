"""What the shadow's server did while a statement ran."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.previews.effects.effect import Lock, Work


@dataclass(frozen=True, slots=True, order=True)
class RowCounts:
    """Rows of one table that a statement touched (``pg_stat_xact_user_tables``)."""

    relation: str
    read: int = 0  # by sequential scans
    fetched: int = 0  # by way of an index
    inserted: int = 0
    updated: int = 0
    deleted: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """What was measured.

    Attributes:
        locks: newly granted, on relations that were there before the migration, sorted. All modes
            of a relation are kept, not only the strongest.
        work: what the server's own notices, file nodes and counters say, sorted.
        creates: relations that were not there before the statement.
        rows: tables whose rows were touched, new ones included.
        notices: the debug messages that say so, without those of other matters.
        waited: CONCURRENTLY was held up on purpose to see its locks, and for whom it waits.
        seconds: on the shadow, with the few rows there; no estimate for a live server.
        wal_bytes: bytes of write-ahead log.
        missed: what could not be traced, a sentence each.
    """

    locks: tuple[Lock, ...] = ()
    work: tuple[Work, ...] = ()
    creates: tuple[str, ...] = ()
    rows: tuple[RowCounts, ...] = ()
    notices: tuple[str, ...] = ()
    waited: str = ""
    seconds: float = 0.0
    wal_bytes: int = 0
    missed: tuple[str, ...] = ()
