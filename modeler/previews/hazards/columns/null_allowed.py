"""DROP NOT NULL. Source: PostgreSQL manual, ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import DropNotNull
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class NullAllowed(Hazard):
    code = "MP224"
    slug = "null-allowed"
    title = "A column may be NULL from now on"
    level = Level.INFO
    hint = "Deploy code that can read NULL before any code writes it."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(DropNotNull):
            used = migration.known_column(relation, action.column)
            if used is None or used.null or used.primary_key:
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                f"{relation}.{action.column}",
                f"Code that still runs does not expect NULL in {relation}.{action.column}, and "
                "may "
                "meet it.",
                waits=(),
            )
