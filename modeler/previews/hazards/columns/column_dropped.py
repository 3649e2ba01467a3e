"""DROP COLUMN. Source: PostgreSQL manual, ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.new_columns import added_in_plan
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.swapped_columns import swapped_columns
from modeler.previews.sql.actions import DropColumn
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ColumnDropped(Hazard):
    code = "MP215"
    slug = "column-dropped"
    title = "A column is dropped"
    level = Level.ERROR
    hint = (
        "Remove the field from the state alone first (SeparateDatabaseAndState), deploy, and drop "
        "the column one deploy later."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        new, swapped = added_in_plan(migration, plan), swapped_columns(migration)
        for sent, relation, action in migration.parts(DropColumn):
            subject = f"{relation}.{action.column}"
            if relation in migration.made or (relation, action.column) in new:
                continue
            if not any(
                gone.kind == "column" and gone.name == action.column for gone in sent.drops
            ):
                continue
            used = migration.known_column(relation, action.column)
            if (relation, action.column) in swapped:
                other = swapped[relation, action.column]
                yield self.found(
                    migration,
                    sent.statement.operation,
                    subject,
                    f"{other} takes the place of {subject}: values that it does not hold are "
                    "gone.",
                    level=Level.INFO,
                    hint="See that it was filled, and that running code can do with its type.",
                    waits=(),
                )
            elif used is not None:
                table = migration.known(relation)
                yield self.found(
                    migration,
                    sent.statement.operation,
                    subject,
                    f"Code that still runs reads and writes {subject}, which is dropped with its "
                    "values.",
                    evidence=(
                        ("statement", sent.statement.sql),
                        ("used by", f"{table.model if table else relation}.{used.name}"),
                    ),
                    waits=(),
                )
            else:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    subject,
                    f"The values of {subject} are gone for good; no model that runs now uses it.",
                    level=Level.INFO,
                    hint="Keep a copy of the column if its values may be wanted again.",
                    waits=(),
                )
