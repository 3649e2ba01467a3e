"""ALTER COLUMN TYPE of a column that a check mentions.

Source: ATExecAlterColumnType (commands/tablecmds.c).
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AlterType
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TypeChangeScans(Hazard):
    code = "MP225"
    slug = "type-change-scans"
    title = "A column's type changes and its check reads every row"
    level = Level.ERROR
    hint = "Drop the check, change the type, add the check NOT VALID, and validate it later."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AlterType):
            if not sent.works(WorkKind.SCAN) or sent.works(WorkKind.REWRITE):
                continue
            yield from self.waiting(
                migration,
                [sent],
                relation,
                f"{relation}.{action.column}",
                f"every row is read, because a check mentions {action.column}, which becomes "
                f"{action.type}",
                plan,
            )
