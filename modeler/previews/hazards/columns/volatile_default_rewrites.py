"""ADD COLUMN with a default that is computed for each row.

Source: PostgreSQL manual, ALTER TABLE, notes.
"""

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
class VolatileDefaultRewrites(Hazard):
    code = "MP203"
    slug = "volatile-default-rewrites"
    title = "A new column's default is computed for each row"
    level = Level.ERROR
    hint = (
        "Add the column with null=True, set the default afterwards, and fill old rows in batches."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AddColumn):
            column = action.column
            if not sent.works(WorkKind.REWRITE) or source_of_values(column) is not Source.COMPUTED:
                continue
            yield from self.waiting(
                migration,
                [sent],
                relation,
                f"{relation}.{column.name}",
                f"every row is written anew, because the default of {column.name} is computed for "
                "each row",
                plan,
            )
