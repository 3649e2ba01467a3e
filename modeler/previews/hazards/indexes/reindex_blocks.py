"""REINDEX without CONCURRENTLY. Source: PostgreSQL manual, REINDEX."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import Reindex
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ReindexBlocks(Hazard):
    code = "MP403"
    slug = "reindex-blocks"
    title = "An index is rebuilt while writes wait, and most reads too"
    level = Level.ERROR
    hint = "Use REINDEX … CONCURRENTLY by RunSQL, in a migration with atomic = False."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, Reindex) or command.concurrently:
                continue
            if command.target not in {"index", "table"}:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    command.name.name,
                    f"REINDEX {command.target.upper()} rebuilds every index of "
                    f"{command.name.name or 'the database'} while writes wait.",
                )
                continue
            built = {entry.relation for entry in sent.work if entry.kind is WorkKind.INDEX_BUILD}
            whole = command.target == "table"
            what = "its indexes are" if whole else f"{command.name.name} is"
            for table in sorted(built):
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{table}.{command.name.name}",
                    f"Writes to {table} wait while {what} rebuilt, and so do reads that are "
                    "planned meanwhile.",
                    plan=plan,
                    table=table,
                )
