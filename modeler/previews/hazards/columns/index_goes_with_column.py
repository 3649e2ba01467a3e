"""Indexes and keys that a dropped column takes along.

Source: PostgreSQL manual, ALTER TABLE, DROP COLUMN.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.swapped_columns import names_taken
from modeler.previews.hazards.waiting import listed
from modeler.previews.sql.actions import DropColumn
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class IndexGoesWithColumn(Hazard):
    code = "MP217"
    slug = "index-goes-with-column"
    title = "An index of other columns goes with a dropped column"
    level = Level.WARNING
    hint = (
        "Make an index for the columns that stay before the column is dropped, or drop it by name."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        dropped: dict[tuple[int, str], list[str]] = {}
        for sent, relation, action in migration.parts(DropColumn):
            dropped.setdefault((sent.position, relation), []).append(action.column)
        taken = names_taken(migration)
        for (position, relation), columns in dropped.items():
            sent = migration.sent[position]
            for gone in sent.drops:
                rest = [column for column in gone.columns if column not in columns]
                if gone.kind != "index" or gone.table != relation or not rest:
                    continue
                if (gone.constraint or gone.name) in taken:
                    continue  # another one takes its place
                what = (
                    f"constraint {gone.constraint}"
                    if gone.constraint
                    else f"unique index {gone.name}"
                    if gone.unique
                    else f"index {gone.name}"
                )
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{relation}.{gone.name}",
                    f"The {what}, which is also on {listed(rest)}, goes with the column "
                    f"{listed(columns)} of {relation}.",
                    waits=(),
                )
