"""ALTER COLUMN TYPE or COLLATE of an indexed column.

Source: CheckIndexCompatible (commands/indexcmds.c).
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed
from modeler.previews.sql.actions import AlterType
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TypeChangeBuildsIndex(Hazard):
    code = "MP226"
    slug = "type-change-builds-index"
    title = "A column's type or collation changes and its indexes are built again"
    level = Level.ERROR
    hint = "Drop the index concurrently first and build it concurrently afterwards."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AlterType):
            builds = sent.works(WorkKind.INDEX_BUILD)
            if not builds or sent.works(WorkKind.REWRITE):
                continue
            names = listed(work.detail for work in builds)
            are = "is" if len(builds) == 1 else "are"
            yield from self.waiting(
                migration,
                [sent],
                relation,
                f"{relation}.{action.column}",
                f"{names} {are} built again, because {action.column} is compared in another way",
                plan,
            )
