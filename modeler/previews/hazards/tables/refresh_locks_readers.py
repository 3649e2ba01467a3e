"""REFRESH MATERIALIZED VIEW. Source: PostgreSQL manual, REFRESH MATERIALIZED VIEW."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import RefreshView
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class RefreshLocksReaders(Hazard):
    code = "MP115"
    slug = "refresh-locks-readers"
    title = "A materialized view cannot be read while it is refreshed"
    level = Level.ERROR
    hint = "Use REFRESH MATERIALIZED VIEW CONCURRENTLY; it needs a unique index on the view."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, RefreshView) or command.concurrently:
                continue
            view = sent.relation(command.name)
            yield from self.waiting(
                migration, [sent], view, view, "its query runs and its rows are written anew", plan
            )
