"""ADD COLUMN of a domain with a constraint.

Source: ATExecAddColumn (commands/tablecmds.c), 14 to 18.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.new_columns import Source, may_be_domain, source_of_values
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddColumn
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class DomainColumnRewrites(Hazard):
    code = "MP213"
    slug = "domain-column-rewrites"
    title = "A column of a constrained domain is added"
    level = Level.ERROR
    hint = (
        "Add a column of the base type, with the domain's check NOT VALID, and validate it later."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AddColumn):
            column = action.column
            plain = source_of_values(column) in {Source.NOTHING, Source.CONSTANT}
            if not plain or not sent.works(WorkKind.REWRITE) or not may_be_domain(column):
                continue
            yield from self.waiting(
                migration,
                [sent],
                relation,
                f"{relation}.{column.name}",
                f"every row is written anew, because the domain {column.type} of {column.name} "
                "checks each value",
                plan,
            )
