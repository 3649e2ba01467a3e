"""The bars of a timeline: each mode that a transaction comes to hold on a relation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from modeler.postgres.locks import LockMode, strongest
from modeler.previews.effects.effect import Lock, RelationKind, Work
from modeler.previews.holds import Hold, Part
from modeler.previews.statement import Statement


class Weight(StrEnum):
    """When a row is shown."""

    HEAVY = "heavy"  # a table with a lock stronger than access share: at once
    LIGHT = "light"  # a table that is only read: on demand
    PART = "part"  # an index, a sequence, a view: on demand, under its table


def weight_of(kind: RelationKind, mode: LockMode) -> Weight:
    """Return when a relation with that strongest mode is shown."""
    if not kind.holds_rows:
        return Weight.PART
    return Weight.LIGHT if mode is LockMode.ACCESS_SHARE else Weight.HEAVY


def bars_of(
    statements: Sequence[Statement], part: Part, tables: dict[str, str]
) -> tuple[Hold, ...]:
    """Return each relation's modes in each transaction, as holds of one mode.

    A bar ends with its transaction, or where a stronger mode of the same relation begins.

    Args:
        statements: in the order in which they run.
        part: what counts, see ``holds_of``.
        tables: filled with the table that each relation belongs to, ``""`` for a table.
    """
    taken: dict[tuple[int, str], list[tuple[int, tuple[Lock, ...]]]] = {}
    work: dict[int, list[tuple[int, Work]]] = {}
    last: dict[int, int] = {}
    for at, statement in enumerate(statements):
        locks, done = part(statement)
        last[statement.transaction] = at
        work.setdefault(statement.transaction, []).extend((at, entry) for entry in done)
        by_relation: dict[str, list[Lock]] = {}
        for lock in locks:
            by_relation.setdefault(lock.relation, []).append(lock)
            tables[lock.relation] = lock.table or tables.get(lock.relation, "")
        for relation, some in by_relation.items():
            taken.setdefault((statement.transaction, relation), []).append((at, tuple(some)))
    found: list[Hold] = []
    for (transaction, relation), entries in taken.items():
        steps: list[Hold] = []
        for at, locks in entries:
            mode = strongest(tuple(lock.mode for lock in locks))
            if steps and mode.strength <= steps[-1].mode.strength:
                continue
            if steps:
                steps[-1] = replace(steps[-1], last=at - 1)
            causes = [lock.cause for lock in locks if lock.mode is mode and lock.cause]
            steps.append(
                Hold(
                    relation, locks[0].kind, (mode,), at, last[transaction],
                    tuple(dict.fromkeys(causes)),
                )
            )  # fmt: skip
        found += [
            replace(
                step,
                during=tuple(
                    entry
                    for entry in work.get(transaction, ())
                    if step.first <= entry[0] <= step.last
                ),
            )
            for step in steps
        ]
    return tuple(sorted(found, key=lambda bar: (bar.first, bar.relation)))
