"""The columns of a timeline: statements, and runs of statements that are alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from modeler.previews.effects.effect import Work
from modeler.previews.holds import Hold, Part
from modeler.previews.statement import Statement
from modeler.previews.timeline_bars import Weight, weight_of

RUN = 4  # so many like statements in a row become one column
MOST = 60  # columns, before runs of like statements reach across operations


@dataclass(frozen=True, slots=True)
class Column:
    """Statements that stand in one column.

    Attributes:
        first, last: their positions, both included.
        work: what grows with rows.
        failed: one of them failed.
    """

    first: int
    last: int
    work: tuple[Work, ...] = ()
    failed: bool = False

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def columns_of(
    statements: Sequence[Statement], part: Part, bars: Iterable[Hold], *, fold: bool
) -> tuple[Column, ...]:
    """Return the columns.

    Statements are alike where nobody who waits could tell them apart: no heavier lock begins,
    and the same work is done on the same tables.

    Args:
        statements, part: see ``bars_of``.
        bars: of these statements.
        fold: runs of like statements become one column.
    """
    heavy = [bar for bar in bars if weight_of(bar.kind, bar.mode) is Weight.HEAVY]
    begins = {bar.first for bar in heavy}
    held = {at for bar in heavy for at in range(bar.first, bar.last + 1)}
    effects = [part(statement) for statement in statements]
    work = [done for _locks, done in effects]
    sizes = Counter(statement.transaction for statement in statements)

    def runs(*, across: bool) -> tuple[Column, ...]:
        found: list[Column] = []
        run: list[int] = []

        def close() -> None:
            if len(run) >= RUN:
                found.append(_column(run, statements, work))
            else:
                found.extend(_column([at], statements, work) for at in run)
            run.clear()

        before = None
        for at, statement in enumerate(statements):
            # A transaction of one statement is like the next one if it takes the same locks.
            alone = sizes[statement.transaction] == 1
            locks = frozenset((lock.relation, lock.mode) for lock in effects[at][0])
            key = (
                locks if alone else statement.transaction,
                # While nobody waits for anything, whose statements these are tells nothing.
                at in held,
                across or at not in held or (statement.operation, statement.deferred),
                frozenset((entry.relation, entry.kind) for entry in work[at]),
                bool(statement.error),
            )
            if key != before or (at in begins and not alone):
                close()
            run.append(at)
            before = key
        close()
        return tuple(found)

    if not fold:
        return tuple(_column([at], statements, work) for at in range(len(statements)))
    columns = runs(across=False)
    return columns if len(columns) <= MOST else runs(across=True)


def _column(
    run: Sequence[int], statements: Sequence[Statement], work: Sequence[tuple[Work, ...]]
) -> Column:
    return Column(
        run[0],
        run[-1],
        tuple(dict.fromkeys(entry for at in run for entry in work[at])),
        any(statements[at].error for at in run),
    )
