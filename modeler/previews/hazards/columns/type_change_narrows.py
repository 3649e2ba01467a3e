"""A column's new type cannot hold every value of the old one.

Source: PostgreSQL manual, ALTER TABLE.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.type_changes import field_before, what_does_not_fit
from modeler.previews.sql.actions import AlterType
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TypeChangeNarrows(Hazard):
    code = "MP229"
    slug = "type-change-narrows"
    title = "A column's new type is narrower"
    level = Level.ERROR
    hint = (
        "Deploy code that writes only what fits, count the rows that do not, and mend them before "
        "the type changes."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AlterType):
            old = field_before(migration, sent, relation, action)
            if old is None or relation in migration.made or not sent.works(WorkKind.REWRITE):
                continue
            lost = what_does_not_fit(old, action.type)
            if lost and migration.known_column(relation, action.column) is not None:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{relation}.{action.column}",
                    f"{relation}.{action.column} becomes {action.type}, which does not hold "
                    f"{lost}; code that still runs may write such values.",
                    waits=(),
                )
