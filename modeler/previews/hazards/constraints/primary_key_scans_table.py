"""ADD PRIMARY KEY USING INDEX on a column that may be NULL: every row is read."""

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
class PrimaryKeyScansTable(Hazard):
    code = "MP309"
    slug = "primary-key-scans-table"
    title = "A primary key with a ready index still reads every row"
    level = Level.ERROR
    hint = (
        "Add CHECK (… IS NOT NULL) NOT VALID, validate it in a later migration, SET NOT NULL, "
        "and only then add the primary key."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, _, action, table in alterations(migration):
            if not isinstance(action, AddConstraint) or action.constraint.kind != "primary key":
                continue
            if not action.constraint.using_index or not work_on(sent, table, WorkKind.SCAN):
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{action.constraint.using_index}",
                f"Reads and writes of {table} wait while the columns of its new primary key are "
                "checked for NULL, although the index is ready.",
                plan=plan,
                table=table,
            )
