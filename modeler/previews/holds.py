"""How long locks are held, and what is done meanwhile: the heart of a preview."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from modeler.postgres.locks import LockMode, strongest
from modeler.previews.effects.effect import Lock, RelationKind, Work
from modeler.previews.statement import Statement

Part = Callable[[Statement], tuple[tuple[Lock, ...], tuple[Work, ...]]]


@dataclass(frozen=True, slots=True)
class Hold:
    """Locks of one relation that one transaction holds.

    Attributes:
        relation, kind: see ``Lock``.
        modes: all of them, weakest first.
        first, last: positions of the statement that took the strongest, and of the last one of
            the transaction; both count.
        causes: why, those of the strongest first, then in the order in which locks were taken.
        during: work that grows with rows, done while the strongest is held, with the position of
            the statement that does it.
    """

    relation: str
    kind: RelationKind
    modes: tuple[LockMode, ...]
    first: int
    last: int
    causes: tuple[str, ...] = ()
    during: tuple[tuple[int, Work], ...] = ()

    @property
    def mode(self) -> LockMode:
        return strongest(self.modes)

    @property
    def blocks_long(self) -> bool:
        """Writers of the table wait while work goes on that grows with rows.

        A materialized view has no writers but REFRESH: there readers count.
        """
        waits = (
            self.mode.blocks_reads
            if self.kind is RelationKind.MATERIALIZED_VIEW
            else self.mode.blocks_writes
        )
        return self.kind.holds_rows and waits and bool(self.during)


def by_rules(statement: Statement) -> tuple[tuple[Lock, ...], tuple[Work, ...]]:
    """Return what the rules say of a statement."""
    effects = statement.effects
    return (effects.locks, effects.work) if effects else ((), ())


def by_trace(statement: Statement) -> tuple[tuple[Lock, ...], tuple[Work, ...]]:
    """Return what was measured of a statement."""
    trace = statement.trace
    return (trace.locks, trace.work) if trace else ((), ())


def measured_or_expected(statement: Statement) -> tuple[tuple[Lock, ...], tuple[Work, ...]]:
    """Return what was measured where it was, with the rules' causes, else what the rules say."""
    locks, work = by_rules(statement)
    if statement.trace is None:
        return locks, work
    causes = {(lock.relation, lock.mode): lock.cause for lock in reversed(locks)}
    anyhow = {lock.relation: lock.cause for lock in reversed(locks)}
    reasons = {(entry.relation, entry.kind): entry.cause for entry in reversed(work)}
    return (
        tuple(
            Lock(
                lock.relation, lock.kind, lock.mode,
                causes.get((lock.relation, lock.mode)) or anyhow.get(lock.relation, ""),
                lock.table,
            )
            for lock in statement.trace.locks
        ),
        tuple(
            Work(entry.relation, entry.kind, entry.detail,
                 reasons.get((entry.relation, entry.kind), ""))
            for entry in statement.trace.work
        ),
    )  # fmt: skip


def holds_of(statements: Iterable[Statement], part: Part) -> tuple[Hold, ...]:
    """Return the locks that transactions hold on relations, in the order in which they begin.

    A transaction keeps each lock until its end (manual, section 13.3), so a lock's time reaches
    from the statement that takes it to the last one of its transaction.

    Args:
        statements: of one migration, in the order in which they run.
        part: what counts: ``by_rules``, ``by_trace`` or ``measured_or_expected``.
    """
    taken: dict[tuple[int, str], list[tuple[int, Lock]]] = {}
    done: dict[int, list[tuple[int, Work]]] = {}
    last: dict[int, int] = {}
    for position, statement in enumerate(statements):
        locks, work = part(statement)
        last[statement.transaction] = position
        done.setdefault(statement.transaction, []).extend((position, entry) for entry in work)
        for lock in locks:
            taken.setdefault((statement.transaction, lock.relation), []).append((position, lock))
    found = []
    for (transaction, relation), entries in taken.items():
        mode = strongest(tuple(lock.mode for _, lock in entries))
        first = min(position for position, lock in entries if lock.mode is mode)
        modes = sorted({lock.mode for _, lock in entries}, key=lambda entry: entry.strength)
        gravest_first = sorted(entries, key=lambda entry: entry[1].mode is not mode)
        causes = dict.fromkeys(lock.cause for _, lock in gravest_first if lock.cause)
        found.append(
            Hold(
                relation,
                entries[0][1].kind,
                tuple(modes),
                first,
                last[transaction],
                tuple(causes),
                tuple(entry for entry in done.get(transaction, ()) if entry[0] >= first),
            )
        )
    return tuple(sorted(found, key=lambda hold: (hold.first, hold.relation)))
