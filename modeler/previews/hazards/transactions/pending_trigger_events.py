"""A rehearsal that failed because deferred foreign keys were not checked yet.

Source: ``CheckTableNotInUse`` (commands/tablecmds.c).
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.failures import PENDING_EVENTS, failed_at, failed_table
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class PendingTriggerEvents(Hazard):
    code = "MP504"
    slug = "pending-trigger-events"
    title = "A table is altered whose foreign keys still wait to be checked"
    level = Level.ERROR
    hint = (
        'Move the data into a migration before this one, or run RunSQL("SET CONSTRAINTS ALL '
        'IMMEDIATE") between the two.'
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        failed = failed_at(migration, PENDING_EVENTS)
        if failed is None:
            return
        table = failed_table(migration, failed)
        yield self.found(
            migration,
            failed.operation,
            table,
            f"This fails on rows: the migration wrote rows of {table} before it alters the table, "
            "and its deferred foreign keys are not checked yet.",
            evidence=failed.evidence,
        )
