"""For whom CONCURRENTLY waits. Source: PostgreSQL manual, CREATE INDEX and DROP INDEX."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.indexes.concurrent import index_named, is_concurrent
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ConcurrentBuildWaits(Hazard):
    code = "MP407"
    slug = "concurrent-build-waits"
    title = "A concurrent build waits for long transactions"
    level = Level.INFO
    hint = "Look for long transactions before you migrate; one that sleeps stops the build."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not is_concurrent(command) or not sent.locks:
                continue
            effects = sent.statement.effects
            waits = effects.waits if effects else ()
            if waits:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    index_named(command),
                    f"CONCURRENTLY on {index_named(command)} blocks nobody, and waits for "
                    f"{' and for '.join(waits)}.",
                )
