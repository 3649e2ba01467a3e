"""SET NOT NULL. Source: PostgreSQL manual, ALTER TABLE, SET NOT NULL."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.new_columns import added_in_plan
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import SetNotNull
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class NotNullScans(Hazard):
    code = "MP222"
    slug = "not-null-scans"
    title = "A column becomes NOT NULL"
    level = Level.ERROR
    hint = (
        "Add a check that it is not null as NOT VALID, validate it in another migration, and set "
        "NOT NULL after that: then no row is read."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        new = added_in_plan(migration, plan)
        for sent, relation, action in migration.parts(SetNotNull):
            if not sent.works(WorkKind.SCAN):
                continue
            subject = f"{relation}.{action.column}"
            yield from self.waiting(
                migration,
                [sent],
                relation,
                subject,
                f"every row is checked for a NULL in {action.column}",
                plan,
            )
            used = migration.known_column(relation, action.column)
            if used is not None and used.null and (relation, action.column) not in new:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    subject,
                    f"Code that still runs may write NULL into {subject}, which is refused from "
                    "now on.",
                    level=Level.WARNING if used.default else Level.ERROR,
                    hint="Deploy code that always gives a value first, or set a db_default.",
                    waits=(),
                )
