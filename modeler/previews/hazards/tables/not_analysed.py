"""A statement that could not be analysed."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import Opaque
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class NotAnalysed(Hazard):
    code = "MP197"
    slug = "not-analysed"
    title = "A statement was not analysed"
    level = Level.INFO
    hint = "Rehearse the migration with --trace, which measures what the statement does."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent in migration.sent:
            effects = sent.statement.effects
            # Code inside of DO, CALL and dynamic SQL has a rule of its own.
            if (
                effects is None
                or not effects.unread
                or any(isinstance(command, Opaque) for command in sent.commands)
            ):
                continue
            measured = " It was measured, though." if sent.statement.trace else ""
            yield self.found(
                migration,
                sent.statement.operation,
                f"statement {sent.position + 1}",
                f"The rules say nothing of statement {sent.position + 1}: {effects.unread}."
                f"{measured}",
                evidence=(("statement", sent.statement.sql),),
                waits=(),
            )
