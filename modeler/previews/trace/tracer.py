"""Watching one connection of the shadow, a statement at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from modeler.previews.effects.effect import Lock
from modeler.previews.sql.commands import Command
from modeler.previews.trace import driver, rewrites
from modeler.previews.trace.concurrent import Hold, held_up
from modeler.previews.trace.notices import Noted, noted
from modeler.previews.trace.observer import Observer, Seen
from modeler.previews.trace.relations import Relation, Relations, rows_between
from modeler.previews.trace.shape import commits, waits_outside
from modeler.previews.trace.trace import Trace
from modeler.previews.trace.work import work_of

T = TypeVar("T")
NOTHING = Seen(frozenset(), 0, "")
SETTINGS = ("lc_messages = 'C'", "client_min_messages = 'debug1'", "enable_seqscan = off")
NO_ROWS = (0, 0, 0, 0, 0)
FOREIGN_KEYS = """
SELECT conname::text, conrelid::bigint, confrelid::bigint FROM pg_constraint
WHERE contype = 'f' AND conname = ANY(%s::name[]) AND conrelid = ANY(%s::oid[])
"""


class Tracer:
    """Measures what statements of one connection do to the server.

    Args:
        connection: the migrating one; nobody else may use its database meanwhile.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.observer = Observer(connection)
        self.relations = Relations(self._rows)
        self.existing: frozenset[int] = frozenset()
        self.missed: list[str] = []
        self._messages: list[str] = []
        self._seen = NOTHING
        self._number = 0
        self._counted: dict[int, tuple[int, ...]] = {}

    @contextmanager
    def watching(self) -> Iterator[Tracer]:
        """Install everything that tracing needs; take it out again after the block."""
        connection_created.connect(self._connected)
        try:
            self.connection.ensure_connection()
            self._connected(self.connection.__class__, self.connection)
            self._install_event_trigger()
            yield self
        finally:
            connection_created.disconnect(self._connected)
            self.observer.close()
            if self.connection.connection is not None and not self.connection.in_atomic_block:
                try:
                    self._rows(rewrites.REMOVE)
                except DatabaseError:
                    self.connection.close()

    def begin(self) -> None:
        """Take what is there now as what was there before the migration."""
        self.connection.ensure_connection()
        self.relations.read_all()
        self.existing = frozenset(self.relations.by_oid)
        self._seen, self._counted = NOTHING, {}

    def refresh(self) -> None:
        """Read every relation again, after something was rolled back."""
        self.relations.read_all()

    def run(
        self, execute: Callable[[], T], commands: tuple[Command, ...], *, transaction: int = 0
    ) -> tuple[T, Trace]:
        """Run a statement and return its own result, and what it did.

        Outside of a transaction it gets one of its own, since locks and counters are gone once it
        is committed; what PostgreSQL refuses there is held up by another session instead.

        Args:
            execute: runs it.
            commands: what it says.
            transaction: another number than before says that another transaction was begun.

        Raises:
            Exception: what ``execute`` raises; nothing is known of that statement then.
        """
        self.connection.ensure_connection()
        if self.connection.in_atomic_block or not self.connection.get_autocommit():
            if driver.is_idle(self.connection.connection) or transaction != self._number:
                self._enter()
            self._number = transaction
            return self._run(execute, self._seen)
        target = waits_outside(commands)
        if target is not None:
            return self._run_held_up(execute, target)
        if commits(commands):
            result, trace = self._run(execute, NOTHING)
            self._seen = NOTHING
            note = "the statement ends its own transaction: its locks were gone when it was done"
            return result, _with_missed(trace, note)
        self._rows("BEGIN")
        self._enter()
        try:
            result, trace = self._run(execute, NOTHING)
        except BaseException:
            self._rows("ROLLBACK")
            raise
        self._rows("COMMIT")
        self._seen = NOTHING
        return result, trace

    def _enter(self) -> None:
        """Begin a transaction: no locks yet, and counters from which to count."""
        self._seen, self._counted = NOTHING, self.relations.counted()

    def _run(self, execute: Callable[[], T], before: Seen) -> tuple[T, Trace]:
        self._messages.clear()
        position = before.position or self.observer.see(self._pid).position
        start = time.perf_counter()
        result = execute()
        seconds = time.perf_counter() - start
        messages = tuple(self._messages)
        seen = self.observer.see(self._pid)
        if seen.transaction != before.transaction:
            before = NOTHING
        trace = self._trace(seen.locks - before.locks, seen, noted(messages))
        self._seen = seen
        return result, _timed(trace, seconds, max(seen.position - position, 0))

    def _run_held_up(self, execute: Callable[[], T], target: Any) -> tuple[T, Trace]:
        """Run a statement that no transaction may hold, with its locks read while it waits."""
        self._messages.clear()
        hold = Hold.on(target, self._rows)
        start = self.observer.see(self._pid).position
        with held_up(self.connection, self.observer, self._pid, hold) as held:
            result = execute()
        seen = self.observer.see(self._pid)
        trace = self._trace(held.locks, seen, noted(tuple(self._messages)))
        missed = () if held.was_seen else ("its locks were not seen: nothing made it wait",)
        self._seen = NOTHING
        return result, Trace(
            trace.locks, trace.work, trace.creates, trace.rows, trace.notices,
            waited=held.words, seconds=held.seconds, wal_bytes=max(seen.position - start, 0),
            missed=missed,
        )  # fmt: skip

    def _trace(self, granted: Any, seen: Seen, notes: Noted) -> Trace:
        before = dict(self.relations.by_oid)
        touched = {oid for oid, _ in granted} | {oid for oid, _ in seen.locks} | set(self._counted)
        after = self.relations.read(touched)
        counted = {}
        for oid, relation in after.items():
            if not relation.kind.holds_rows:
                continue
            early = self._counted.get(oid, NO_ROWS)
            change = tuple(
                late - first for first, late in zip(early, relation.counted, strict=True)
            )
            if any(change):
                counted[oid] = change
            self._counted[oid] = relation.counted
        work = work_of(
            notes, before, after, counted, self._validated(notes, after), self.relations
        )
        # Rows may have been counted meanwhile, which the counters saw.
        recounted = self.relations.read(counted) if counted else {}
        self._counted |= {oid: relation.counted for oid, relation in recounted.items()}
        locks = tuple(
            sorted(
                Lock(self.relations.name(before[oid]), before[oid].kind, mode,
                     table=self._table(before, before[oid]))
                for oid, mode in granted if oid in before and oid in self.existing
            )
        )  # fmt: skip
        # Indexes that are built anew come back under their old names; TOAST is the server's own.
        known = {(relation.schema, relation.name) for relation in before.values()}
        created = sorted(
            self.relations.name(relation)
            for oid, relation in after.items()
            if oid not in before
            and (relation.schema, relation.name) not in known
            and not relation.schema.startswith("pg_")
        )
        rows = (
            rows_between(self.relations.name(before.get(oid, after[oid])), NO_ROWS, change)
            for oid, change in counted.items()
        )
        existing_work = tuple(
            entry for entry in work
            if any(self.relations.name(before[oid]) == entry.relation
                   for oid in self.existing & before.keys())
        )  # fmt: skip
        for oid in touched:
            if oid in after:
                self.relations.by_oid[oid] = after[oid]
            else:
                self.relations.by_oid.pop(oid, None)
        return Trace(
            locks,
            existing_work,
            tuple(created),
            tuple(sorted(entry for entry in rows if entry is not None)),
            _notices(notes),
        )

    def _validated(self, notes: Noted, after: dict[int, Relation]) -> dict[str, tuple[int, int]]:
        if not notes.validated:
            return {}
        found = self._rows(FOREIGN_KEYS, [list(notes.validated), list(after)])
        return {name: (own, other) for name, own, other in found}

    def _table(self, before: dict[int, Relation], relation: Relation) -> str:
        table = before.get(relation.table or 0)
        return self.relations.name(table) if table else ""

    def _connected(self, sender: type, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
        if connection is not self.connection:
            return
        driver.listen(connection.connection, self._messages.append)
        # English and loud: the server's own words are the evidence. In small tables a scan of all
        # rows is cheaper than an index; without it one sees which statements need all of them.
        for setting in SETTINGS:
            try:
                self._rows(f"SET {setting}")
            except DatabaseError:
                self.missed.append(f"the server refused SET {setting}")

    def _install_event_trigger(self) -> None:
        try:
            self._rows(rewrites.INSTALL)
        except Exception as error:  # the driver's own class; without superuser there is none
            words = " ".join(str(error).split())
            self.missed.append(f"the reasons of rewrites: {words}")

    @property
    def _pid(self) -> int:
        return driver.backend_pid(self.connection.connection)

    def _rows(self, sql: str, params: list | None = None) -> list[tuple]:
        return driver.rows(self.connection.connection, sql, params)


def _notices(notes: Noted) -> tuple[str, ...]:
    reasons = tuple(f"rewritten because of {rewrites.in_words(bits)}" for _, bits in notes.reasons)
    return (*notes.texts, *reasons)


def _timed(trace: Trace, seconds: float, wal_bytes: int) -> Trace:
    return Trace(
        trace.locks, trace.work, trace.creates, trace.rows, trace.notices,
        seconds=round(seconds, 6), wal_bytes=wal_bytes,
    )  # fmt: skip


def _with_missed(trace: Trace, note: str) -> Trace:
    return Trace(
        trace.locks, trace.work, trace.creates, trace.rows, trace.notices,
        seconds=trace.seconds, wal_bytes=trace.wal_bytes, missed=(*trace.missed, note),
    )  # fmt: skip
