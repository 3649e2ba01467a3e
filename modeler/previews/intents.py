"""What the effects of pending statements ask of a preflight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from modeler.postgres.locks import LockMode
from modeler.postgres.preflight.intent import Intent
from modeler.previews.effects.effect import Effects, WorkKind


def intents_of(
    effects: Iterable[Effects],
    *,
    altered: Collection[str] = (),
    builds: Iterable[tuple[str, str]] = (),
) -> tuple[Intent, ...]:
    """Gather what statements do to tables that hold rows, by table.

    Args:
        effects: of the statements, in any order.
        altered: relations whose owner the statements need.
        builds: ``(relation, index)`` of indexes that they make.
    """
    modes: defaultdict[str, set[LockMode]] = defaultdict(set)
    rewritten: set[str] = set()
    concurrent: set[str] = set()
    made: set[str] = set()
    for effect in effects:
        for lock in effect.locks:
            if lock.kind.holds_rows:
                modes[lock.relation].add(lock.mode)
                if effect.waits:
                    concurrent.add(lock.relation)
        rewritten.update(
            work.relation for work in effect.work if work.kind in (WorkKind.REWRITE, WorkKind.COPY)
        )
        made.update(effect.creates)
    names: defaultdict[str, list[str]] = defaultdict(list)
    for relation, index in builds:
        names[relation].append(index)
    return tuple(
        Intent(
            relation,
            frozenset(modes[relation]),
            alters=relation in altered,
            rewrites=relation in rewritten,
            concurrently=relation in concurrent,
            builds=tuple(sorted(names[relation])),
        )
        for relation in sorted(modes)
        if relation not in made
    )
