"""CREATE INDEX without CONCURRENTLY. Source: PostgreSQL manual, CREATE INDEX."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.indexes.blocking_builds import blocking_builds
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
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
        for sent, command, table in blocking_builds(migration):
            if command.unique:
                continue  # MP306: another way out
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{command.name}",
                f"Writes to {table} wait while the index {command.name} is built.",
                plan=plan,
                table=table,
            )
