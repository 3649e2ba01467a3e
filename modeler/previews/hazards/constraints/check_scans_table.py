"""ADD CONSTRAINT … CHECK that looks at every row. Source: PostgreSQL manual, ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards import counting
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import alterations, work_on
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddConstraint
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class CheckScansTable(Hazard):
    code = "MP301"
    slug = "check-scans-table"
    title = "A check is held against every row while nobody can use the table"
    level = Level.ERROR
    hint = (
        "Use AddConstraintNotValid in this migration and ValidateConstraint in a later one "
        "(both from django.contrib.postgres.operations)."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, _, action, table in alterations(migration):
            if not isinstance(action, AddConstraint) or action.constraint.kind != "check":
                continue
            if not work_on(sent, table, WorkKind.SCAN):
                continue
            name = action.constraint.name or "(without a name)"
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{name}",
                f"Reads and writes of {table} wait while every row is held against the check "
                f"{name}.",
                plan=plan,
                table=table,
                evidence=counting.evidence(counting.breaking(table, action.constraint)),
            )
