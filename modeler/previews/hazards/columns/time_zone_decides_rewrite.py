"""timestamp to timestamptz is free only where the session's time zone is UTC.

Source: ATColumnChangeRequiresRewrite (commands/tablecmds.c).
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.effects.type_text import read_type_text
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.type_changes import field_before
from modeler.previews.sql.actions import AlterType
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TimeZoneDecidesRewrite(Hazard):
    code = "MP230"
    slug = "time-zone-decides-rewrite"
    title = "Timestamps are written anew because the session's time zone is not UTC"
    level = Level.ERROR
    hint = "Set the session's time zone to UTC before the change, if the values are in UTC."
    instead_of = ("MP221",)

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AlterType):
            old = field_before(migration, sent, relation, action)
            kind = read_type_text(action.type)
            if (
                old is None
                or old.kind != "DateTimeField"
                or kind is None
                or kind.name not in {"timestamp", "timestamptz"}
                or kind.modifiers
                or action.using
                or not sent.works(WorkKind.REWRITE)
            ):
                continue
            yield from self.waiting(
                migration,
                [sent],
                relation,
                f"{relation}.{action.column}",
                f"every row is written anew: {action.column} becomes {action.type}, and the "
                "session's time zone is not UTC",
                plan,
            )
