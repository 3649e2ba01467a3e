"""ADD CONSTRAINT … EXCLUDE: it cannot be added in steps."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import alterations, work_on
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddConstraint
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ExclusionBlocks(Hazard):
    code = "MP310"
    slug = "exclusion-blocks"
    title = "An exclusion constraint is built while nobody can use the table"
    level = Level.ERROR
    hint = (
        "Run it while the table may stand still, or fill a new table that has the constraint and "
        "change over to it."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, _, action, table in alterations(migration):
            if not isinstance(action, AddConstraint) or action.constraint.kind != "exclude":
                continue
            if not work_on(sent, table, WorkKind.INDEX_BUILD):
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{action.constraint.name}",
                f"Reads and writes of {table} wait while the exclusion constraint "
                f"{action.constraint.name} builds its index and looks at every row again.",
                plan=plan,
                table=table,
            )
