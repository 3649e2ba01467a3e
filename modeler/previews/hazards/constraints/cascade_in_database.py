"""ON DELETE CASCADE written into the database."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.constraints.declared import declared_constraints
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class CascadeInDatabase(Hazard):
    code = "MP316"
    slug = "cascade-in-database"
    title = "PostgreSQL itself will delete rows that refer to a deleted one"
    level = Level.WARNING
    hint = "Use on_delete of the field, or see that nobody is surprised by rows that vanish."
    opt_in = "style"

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, table, constraint in declared_constraints(migration):
            reference = constraint.references
            if reference is None or reference.on_delete != "cascade":
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table.name}.{', '.join(constraint.columns)}",
                f"Deleting a row of {reference.table.name} will delete rows of {table.name} "
                "without Django's knowledge.",
            )
