"""Who waits for what: the words of blocking, and which of it a finding accounts for."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import Work, WorkKind
from modeler.previews.hazards.plan import Planned, Sent, Wait
from modeler.previews.holds import Hold


def waits_of(
    migration: Planned, positions: Iterable[int], relations: Iterable[str]
) -> tuple[Wait, ...]:
    """Return the waits for tables while statements work; a renamed table under all its names."""
    wanted = {name for relation in relations for name in migration.names_of(relation)}
    places = set(positions)
    return tuple(sorted(
        Wait(migration.key, name, position)
        for name in wanted
        for _, during in migration.blocking.get(name, ())
        for position in during & places
    ))  # fmt: skip


def waits_for_own_locks(migration: Planned, *sent: Sent) -> tuple[Wait, ...]:
    """Return the waits that statements cause by what they lock and do themselves."""
    return tuple(
        wait
        for one in sent
        for wait in waits_of(
            migration,
            [one.position],
            {lock.relation for lock in one.locks if lock.kind.holds_rows},
        )
    )


def mode_during(migration: Planned, waits: Iterable[Wait], relation: str) -> LockMode | None:
    """Return the strongest mode in which a table is held during waits, None where it is not."""
    places = {wait.position for wait in waits}
    modes = [
        hold.mode
        for hold in migration.holds
        if hold.relation in migration.names_of(relation)
        and any(position in places for position, _ in hold.during)
    ]
    return max(modes, key=lambda mode: mode.strength, default=None)


def who_waits(mode: LockMode, relations: Iterable[str]) -> str:
    """Return the head of a sentence, such as ``Writes to catalog_product wait``."""
    return (
        f"{'Reads and writes of' if mode.blocks_reads else 'Writes to'} {listed(relations)} wait"
    )


def work_in_words(work: Work) -> str:
    """Return what goes on, such as ``every row of catalog_product is read``."""
    match work.kind:
        case WorkKind.REWRITE:
            return f"every row of {work.relation} is written anew"
        case WorkKind.COPY:
            return f"the file of {work.relation} is copied"
        case WorkKind.SCAN:
            return f"every row of {work.relation} is read"
        case WorkKind.INDEX_BUILD:
            name = f"the index {work.detail}" if work.detail else "an index"
            return f"{name} of {work.relation} is built"
        case WorkKind.VALIDATION:
            return f"the foreign key {work.detail} is checked against {work.relation}"
        case WorkKind.ROWS:
            return f"rows of {work.relation} are written"
    return f"rows of {work.relation} are read"


def lock_in_words(hold: Hold) -> str:
    """Return such as ``access exclusive, because the column code is added``."""
    cause = f", because {hold.causes[0]}" if hold.causes else ""
    return f"{hold.mode} on {hold.relation} until its transaction ends{cause}"


def listed(names: Iterable[str], most: int = 4) -> str:
    """Return names in a sentence: ``a``, ``a and b``, ``a, b, c and 2 more``."""
    found = list(dict.fromkeys(names))
    if len(found) > most:
        found = [*found[: most - 1], f"{len(found) - most + 1} more"]
    return " and ".join(", ".join(found).rsplit(", ", 1)) if len(found) > 1 else "".join(found)
