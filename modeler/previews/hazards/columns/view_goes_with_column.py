"""DROP COLUMN … CASCADE takes views along. Source: PostgreSQL manual, section 5.15."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed
from modeler.previews.sql.actions import DropColumn
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ViewGoesWithColumn(Hazard):
    code = "MP218"
    slug = "view-goes-with-column"
    title = "A view goes with a dropped column"
    level = Level.ERROR
    hint = "Make the view anew without the column first, in the same migration."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(DropColumn):
            views = [gone.name for gone in sent.drops if gone.kind.endswith("view")]
            if action.cascade and views:
                go = "goes" if len(views) == 1 else "go"
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{relation}.{action.column}",
                    f"{listed(views)} {go} with the column {relation}.{action.column}, whoever "
                    "reads it.",
                    waits=(),
                )
