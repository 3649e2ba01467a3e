"""CREATE UNIQUE INDEX without CONCURRENTLY: conditional and expression UniqueConstraints."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards import counting
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.indexes.blocking_builds import blocking_builds
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class UniqueIndexBlocks(Hazard):
    code = "MP306"
    slug = "unique-index-blocks"
    title = "A unique index is built while writes wait"
    level = Level.ERROR
    hint = (
        "Build it by RunSQL with CREATE UNIQUE INDEX CONCURRENTLY, in a migration of its own with "
        "atomic = False, and the constraint in state_operations."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command, table in blocking_builds(migration):
            if not command.unique:
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{command.name}",
                f"Writes to {table} wait while the unique index {command.name} is built; "
                "duplicates make it fail.",
                plan=plan,
                table=table,
                evidence=counting.evidence(counting.breaking_index(table, command)),
            )
