"""A serial or identity column is added. Source: PostgreSQL manual, ALTER TABLE, notes."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.new_columns import Source, source_of_values
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddColumn
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class NumberedColumnRewrites(Hazard):
    code = "MP206"
    slug = "numbered-column-rewrites"
    title = "A serial or identity column is added"
    level = Level.ERROR
    hint = (
        "Add a nullable bigint column and a sequence, fill old rows in batches, then set the "
        "default and NOT NULL."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AddColumn):
            column = action.column
            if not sent.works(WorkKind.REWRITE) or source_of_values(column) is not Source.NUMBERED:
                continue
            yield from self.waiting(
                migration,
                [sent],
                relation,
                f"{relation}.{column.name}",
                f"every row is written anew, because each row gets a number in {column.name}",
                plan,
            )
