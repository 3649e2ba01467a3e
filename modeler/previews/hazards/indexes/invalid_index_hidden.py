"""IF NOT EXISTS beside CONCURRENTLY: it takes an invalid index for a good one."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import table_named
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import CreateIndex
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class InvalidIndexHidden(Hazard):
    code = "MP405"
    slug = "invalid-index-hidden"
    title = "IF NOT EXISTS hides an index whose build failed"
    level = Level.WARNING
    hint = "Put DROP INDEX CONCURRENTLY IF EXISTS before it, and leave IF NOT EXISTS out."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, CreateIndex) or not command.concurrently:
                continue
            table = table_named(migration, sent, command.table)
            if command.if_not_exists and table:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{table}.{command.name}",
                    f"If building {command.name} fails once, the next run takes the invalid index "
                    "that is left for a good one and goes on.",
                )
