"""ADD COLUMN … CHECK reads every row, also where the column is NULL.

Source: PostgreSQL manual, ALTER TABLE.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddColumn
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ColumnCheckScans(Hazard):
    code = "MP212"
    slug = "column-check-scans"
    title = "A new column brings a check, so every row is read"
    level = Level.ERROR
    hint = (
        "Add it as IntegerField; add the check NOT VALID (AddConstraintNotValid) and validate it "
        "in "
        "another migration."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AddColumn):
            checks = any(part.kind == "check" for part in action.column.constraints)
            if not checks or not sent.works(WorkKind.SCAN):
                continue
            yield from self.waiting(
                migration,
                [sent],
                relation,
                f"{relation}.{action.column.name}",
                f"every row is read, because the new column {action.column.name} has a check",
                plan,
            )
