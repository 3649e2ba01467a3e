"""Indexes that are built while something else of their transaction locks the table."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.waiting import listed
from modeler.previews.sql.actions import AddColumn, AlterType
from modeler.previews.sql.commands import CreateIndex
from modeler.reporting.finding import Finding


def indexes_after(
    migration: Planned, kind: type[AddColumn] | type[AlterType]
) -> dict[tuple[str, int], list[Sent]]:
    """Return the CREATE INDEX statements after a part of ALTER TABLE in the same transaction.

    Args:
        migration: where.
        kind: of the part.

    Returns:
        By relation and operation of the index; none that is built concurrently.
    """
    first: dict[tuple[str, int], int] = {}
    for sent, relation, _ in migration.parts(kind):
        first.setdefault((relation, sent.statement.transaction), sent.position)
    found: dict[tuple[str, int], list[Sent]] = {}
    for sent, command in migration.commands():
        if not isinstance(command, CreateIndex) or not sent.works(WorkKind.INDEX_BUILD):
            continue
        relation = sent.relation(command.table)
        since = first.get((relation, sent.statement.transaction))
        if since is not None and since < sent.position:
            found.setdefault((relation, sent.statement.operation), []).append(sent)
    return found


def waits_for_indexes(
    rule: Hazard,
    migration: Planned,
    plan: Plan,
    kind: type[AddColumn] | type[AlterType],
    because: str,
) -> Iterable[Finding]:
    """Yield a finding of a rule for the indexes that are built after a part of ALTER TABLE.

    Args:
        rule: whose finding it is.
        migration, plan: where.
        kind: of the part that locks the table.
        because: why the table is locked, in words.
    """
    for (relation, _), built in indexes_after(migration, kind).items():
        names = listed(work.detail for one in built for work in one.works(WorkKind.INDEX_BUILD))
        word, verb = ("index", "is") if len(built) == 1 else ("indexes", "are")
        yield from rule.waiting(
            migration,
            built,
            relation,
            f"{relation}.{names}",
            f"the {word} {names} {verb} built, because {because}",
            plan,
        )
