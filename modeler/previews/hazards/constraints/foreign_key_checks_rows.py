"""ADD FOREIGN KEY that looks at the rows of both tables.

Source: PostgreSQL manual, ALTER TABLE: SHARE ROW EXCLUSIVE on both tables.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards import counting
from modeler.previews.hazards.constraints.foreign_keys import (
    made_anew,
    new_foreign_keys,
    referenced,
)
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import waits_of
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ForeignKeyChecksRows(Hazard):
    code = "MP303"
    slug = "foreign-key-checks-rows"
    title = "A foreign key is checked for every row while writes to both tables wait"
    level = Level.ERROR
    hint = (
        "Add the foreign key as NOT VALID by RunSQL (with the field as state_operations), and "
        "validate it in a later migration."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, constraint, table in new_foreign_keys(migration):
            if not any(entry.kind is WorkKind.VALIDATION for entry in sent.work):
                continue
            if made_anew(migration, sent, table):
                continue
            parent = referenced(migration, sent, constraint)
            both = table if parent in {"", table} else f"{table} and {parent}"
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{constraint.name}",
                f"Writes to {both} wait while every row is checked against the foreign key "
                f"{constraint.name}.",
                plan=plan,
                table=table,
                evidence=counting.evidence(counting.breaking(table, constraint, parent=parent)),
                waits=waits_of(migration, [sent.position], {table, parent}),
            )
