"""ADD COLUMN NOT NULL without a default. Source: PostgreSQL manual, ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard, size_in_words, size_of
from modeler.previews.hazards.new_columns import Source, source_of_values
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import waits_for_own_locks
from modeler.previews.sql.actions import AddColumn
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class RequiredColumnWithoutDefault(Hazard):
    code = "MP201"
    slug = "required-column-without-default"
    title = "A column is added NOT NULL without a default"
    level = Level.ERROR
    hint = "Add it with null=True, fill it, and make it NOT NULL later; or give it a db_default."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AddColumn):
            column = action.column
            if (
                relation in migration.made
                or not column.not_null
                or source_of_values(column) is not Source.NOTHING
            ):
                continue
            size = size_of(plan, migration, relation)
            empty = size is not None and size.rows == 0
            yield self.found(
                migration,
                sent.statement.operation,
                f"{relation}.{column.name}",
                f"Adding {relation}.{column.name} fails as soon as {relation} has a row: it is "
                "NOT "
                "NULL and has no default.",
                level=Level.INFO if empty else None,
                evidence=(("size", size_in_words(relation, size)),) if size else (),
                waits=waits_for_own_locks(migration, sent),
            )
