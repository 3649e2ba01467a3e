"""Holding what the rules say against what the server did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import Effects, Lock, RelationKind

INDEXES = frozenset({RelationKind.INDEX, RelationKind.PARTITIONED_INDEX})
PLANNED = frozenset({LockMode.ACCESS_SHARE, LockMode.ROW_SHARE, LockMode.ROW_EXCLUSIVE})


@dataclass(frozen=True, slots=True, order=True)
class Disagreement:
    """One thing that only one side has.

    Attributes:
        side: ``missed`` by the rules, or ``not seen`` on the server.
        what: ``lock``, ``work`` or ``created``.
        relation: whose.
        kind: the mode, or the kind of work; ``""`` of a created relation.
        detail: index or constraint, of work.
    """

    side: str
    what: str
    relation: str
    kind: str = ""
    detail: str = ""

    def __str__(self) -> str:
        words = " ".join(part for part in (self.kind, self.what, self.detail) if part)
        return f"{self.side}: {words} on {self.relation}"


def compare(
    effects: Effects, measured: Effects, held: Iterable[Lock] = ()
) -> tuple[Disagreement, ...]:
    """Return where rules and server differ; empty where they agree.

    Every mode of every relation counts, not only the strongest; causes do not. A lock that the
    transaction held before the statement (``held``) is not granted anew, so the rules may say
    it unseen. Indexes that queries open (access share, row share, row exclusive) are left out
    where ``held`` shows a transaction under way: a plan that the session has kept from before
    opens fewer of them.

    Args:
        effects: of the rules.
        measured: modes newly granted on relations that were there before, and work; no causes.
        held: locks of the transaction before the statement.
    """
    before = {(lock.relation, lock.mode) for lock in held}
    said = {(lock.relation, lock.mode): lock for lock in effects.locks}
    seen = {(lock.relation, lock.mode): lock for lock in measured.locks}
    found = []
    for key in said.keys() - seen.keys():
        if key not in before and not (before and _is_planned(said[key])):
            found.append(Disagreement("not seen", "lock", key[0], key[1].value))
    for key in seen.keys() - said.keys():
        if not (before and _is_planned(seen[key])):
            found.append(Disagreement("missed", "lock", key[0], key[1].value))
    said_work = {(work.relation, work.kind, work.detail) for work in effects.work}
    seen_work = {(work.relation, work.kind, work.detail) for work in measured.work}
    for side, some in (("not seen", said_work - seen_work), ("missed", seen_work - said_work)):
        found += [Disagreement(side, "work", name, kind.value, detail)
                  for name, kind, detail in some]  # fmt: skip
    made = set(effects.creates), set(measured.creates)
    found += [Disagreement("not seen", "created", name) for name in made[0] - made[1]]
    found += [Disagreement("missed", "created", name) for name in made[1] - made[0]]
    return tuple(sorted(found))


def _is_planned(lock: Lock) -> bool:
    return lock.kind in INDEXES and lock.mode in PLANNED
