"""CREATE INDEX without CONCURRENTLY. Source: PostgreSQL manual, CREATE INDEX."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import CreateIndex
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class IndexBlocksWrites(Hazard):
    code = "MP401"
    slug = "index-blocks-writes"
    title = "An index is built while writes wait"
    level = Level.ERROR
    hint = (
        "Use AddIndexConcurrently (django.contrib.postgres.operations) in a migration of its own "
        "with atomic = False."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, CreateIndex) or command.concurrently:
                continue
            for lock in sent.locks:
                if lock.mode is not LockMode.SHARE or not lock.kind.holds_rows:
                    continue
                if not any(
                    entry.kind is WorkKind.INDEX_BUILD and entry.relation == lock.relation
                    for entry in sent.work
                ):
                    continue
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{lock.relation}.{command.name}",
                    f"Writes to {lock.relation} wait while the index {command.name} is built.",
                    plan=plan,
                    table=lock.relation,
                )
