"""A statement that the catalog shows to fail, and that failed in the rehearsal."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class CannotSucceed(Hazard):
    code = "MP198"
    slug = "cannot-succeed"
    title = "A statement cannot succeed"
    level = Level.ERROR
    hint = "Mend the statement: on a database in this state it always fails."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent in migration.sent:
            effects = sent.statement.effects
            # A failure that only the rules expect would be a mistake of theirs.
            if effects is None or not effects.fails or effects.hindered_by:
                continue
            if not sent.statement.error:
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                f"statement {sent.position + 1}",
                f"Statement {sent.position + 1} cannot succeed: {effects.fails}.",
                evidence=(
                    ("statement", sent.statement.sql), ("server", sent.statement.error),
                ),
                waits=(),
            )  # fmt: skip
