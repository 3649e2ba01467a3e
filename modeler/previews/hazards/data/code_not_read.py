"""SQL that runs code which cannot be read: DO, CALL, EXECUTE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import Opaque
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class CodeNotRead(Hazard):
    code = "MP607"
    slug = "code-not-read"
    title = "A statement runs code that was not analysed"
    level = Level.WARNING
    hint = "Rehearse it with --trace, which measures what it does; or write plain statements."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        total = len(migration.sent)
        opaque = [sent for sent, command in migration.commands() if isinstance(command, Opaque)]
        for sent, command in migration.commands():
            if not isinstance(command, Opaque):
                continue
            measured = sent.statement.trace is not None
            verb = command.verb.upper()
            yield self.found(
                migration,
                sent.statement.operation,
                f"statement {sent.position + 1}",
                f"{verb} runs code that was not analysed"
                f"{'; its locks and work were measured' if measured else ''}.",
                level=Level.INFO if measured else None,
                hint="See what was measured; on other rows it may take other ways." if measured
                else None,
                evidence=(
                    ("statement", sent.statement.sql),
                    ("analysed", f"{total - len(opaque)} of {total} statements"),
                ),
            )  # fmt: skip
