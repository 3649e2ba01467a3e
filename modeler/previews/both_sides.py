"""What the rules say of a statement beside what the shadow measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from modeler.postgres.locks import LockMode
from modeler.previews.effects.agreement import compare
from modeler.previews.effects.effect import Effects, Lock
from modeler.previews.statement import Statement


@dataclass(frozen=True, slots=True)
class Line:
    """One lock, one piece of work, or one relation that is made.

    Attributes:
        what: ``lock``, ``work`` or ``created``.
        relation: whose.
        kind: the mode, or the kind of work; ``""`` of a created relation.
        detail: index or constraint, of work.
        cause: why, by the rules.
        by_rules, measured: on which side it stands; None where that side was not asked.
        held: the transaction held the lock already, so that it is not granted anew.
        disagrees: one side lacks it, and nothing explains that.
    """

    what: str
    relation: str
    kind: str = ""
    detail: str = ""
    cause: str = ""
    by_rules: bool | None = None
    measured: bool | None = None
    held: bool = False
    disagrees: bool = False


def both_sides(statements: Iterable[Statement]) -> tuple[tuple[Line, ...], ...]:
    """Return the lines of each statement of a migration, in order.

    Locks first, the strongest first; then work; then what is made. What the rules could not read
    is no disagreement, and neither is what a failed statement did not come to do.
    """
    held: dict[int, dict[tuple[str, LockMode], Lock]] = {}
    found = []
    for statement in statements:
        before = held.setdefault(statement.transaction, {})
        found.append(_lines(statement, before))
        for source in (statement.effects, statement.trace):
            if source is not None:
                before.update({(lock.relation, lock.mode): lock for lock in source.locks})
    return tuple(found)


# A table brings along its own table of large values, which no statement names.
TOAST = "pg_toast."
Key = tuple[str, str, str, str]


def _lines(statement: Statement, before: dict[tuple[str, LockMode], Lock]) -> tuple[Line, ...]:
    effects, trace = statement.effects, statement.trace
    measured = Effects(trace.locks, trace.work, trace.creates) if trace else None
    said, seen = _keys(effects), _keys(measured)
    held = {
        ("lock", lock.relation, lock.mode.value, "")
        for source in (effects, measured)
        for lock in (source.locks if source else ())
        if (lock.relation, lock.mode) in before
    }
    differing: set[Key] = set()
    if effects and measured and not effects.unread and not statement.error:
        differing = {
            (one.what, one.relation, one.kind, one.detail)
            for one in compare(effects, measured, _of(statement, before))
            if not (one.what == "created" and one.relation.startswith(TOAST))
        }
    read = effects is not None and not effects.unread
    lines = [
        Line(
            *key,
            cause=said.get(key, ("", 0))[0],
            by_rules=key in said if read else None,
            measured=key in seen if measured else None,
            held=key in held and key not in seen,
            disagrees=key in differing,
        )
        for key in said | seen
    ]
    rank = {key: order for key, (_cause, order) in (said | seen).items()}

    def order(line: Line) -> tuple[int, int, str, str]:
        key = (line.what, line.relation, line.kind, line.detail)
        return (ORDER.index(line.what), rank[key], line.relation, line.detail)

    return tuple(sorted(lines, key=order))


def _of(statement: Statement, before: dict[tuple[str, LockMode], Lock]) -> list[Lock]:
    """Return the locks held before that a statement takes again, or any to show there are some.

    A long transaction holds hundreds, and few of them have to do with one statement.
    """
    own = {
        (lock.relation, lock.mode)
        for source in (statement.effects, statement.trace)
        for lock in (source.locks if source else ())
    }
    return [before[key] for key in own if key in before] or list(before.values())[:1]


ORDER = ("lock", "work", "created")


def _keys(effects: Effects | None) -> dict[Key, tuple[str, int]]:
    """Return what one side has, with its cause and its rank among its own."""
    if effects is None:
        return {}
    found: dict[Key, tuple[str, int]] = {}
    for lock in effects.locks:
        found["lock", lock.relation, lock.mode.value, ""] = (lock.cause, -lock.mode.strength)
    for work in effects.work:
        found["work", work.relation, work.kind.value, work.detail] = (work.cause, 0)
    for name in effects.creates:
        if name.startswith(TOAST):
            continue
        found["created", name, "", ""] = ("", 0)
    return found
