"""A migration that failed on generated rows, and only on them."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.failures import failure, told_apart
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import AlterRelation, CreateIndex
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class FailsOnRows(Hazard):
    code = "MP195"
    slug = "fails-on-rows"
    title = "A migration fails on rows that the schema allows"
    level = Level.WARNING
    hint = "Ask production for such rows; let the migration take them, or mend them first."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        failed = failure(migration)
        if failed is None or not failed.on_rows or told_apart(migration, failed):
            return
        # What a constraint demands of rows is told by its own rule, with the query that counts.
        if any(isinstance(command, AlterRelation | CreateIndex) for command in failed.commands):
            return
        yield self.found(
            migration,
            failed.operation,
            "rows",
            f"It fails on generated rows, which the schema allows: {failed.words.rstrip('.')}.",
            evidence=failed.evidence[:1] if failed.sql else (),
            waits=(),
        )
