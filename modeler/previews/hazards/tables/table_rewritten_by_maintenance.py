"""VACUUM FULL and CLUSTER. Source: PostgreSQL manual, VACUUM."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import Maintain
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TableRewrittenByMaintenance(Hazard):
    code = "MP114"
    slug = "table-rewritten-by-maintenance"
    title = "VACUUM FULL or CLUSTER writes a table anew"
    level = Level.ERROR
    hint = "Use VACUUM without FULL, or a tool that rewrites in the background (pg_repack)."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, Maintain):
                continue
            for work in sent.works(WorkKind.REWRITE):
                yield from self.waiting(
                    migration,
                    [sent],
                    work.relation,
                    work.relation,
                    f"{command.verb.upper()} writes every row anew",
                    plan,
                )
