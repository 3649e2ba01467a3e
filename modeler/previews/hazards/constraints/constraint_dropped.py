"""DROP CONSTRAINT: from then on the rows may say anything."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.constraints.dropped import lone_drops
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ConstraintDropped(Hazard):
    code = "MP312"
    slug = "constraint-dropped"
    title = "A constraint is given up"
    level = Level.INFO
    hint = "Make sure that code checks it now: to have it back, every row must be checked again."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, action, table, others in lone_drops(migration):
            if others:
                continue  # a foreign key to another table has a rule of its own
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{action.name}",
                f"PostgreSQL no longer enforces {action.name} on {table}.",
            )
