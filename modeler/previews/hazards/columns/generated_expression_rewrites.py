"""ALTER COLUMN SET EXPRESSION of a stored generated column.

Source: PostgreSQL manual 17, ALTER TABLE.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import SetExpression
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class GeneratedExpressionRewrites(Hazard):
    code = "MP237"
    slug = "generated-expression-rewrites"
    title = "A stored generated column is computed anew"
    level = Level.ERROR
    hint = "Add a second column, fill it by a trigger and in batches, and switch over to it."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(SetExpression):
            if not sent.works(WorkKind.REWRITE):
                continue
            yield from self.waiting(
                migration,
                [sent],
                relation,
                f"{relation}.{action.column}",
                f"every row is written anew, because the generated column {action.column} gets "
                "another expression",
                plan,
            )
