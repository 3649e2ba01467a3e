"""Indexes that are built while something else of their transaction locks the table."""

from __future__ import annotations

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.plan import Planned, Sent
from modeler.previews.sql.actions import AddColumn, AlterType
from modeler.previews.sql.commands import CreateIndex


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
