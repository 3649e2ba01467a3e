"""RunSQL without IF [NOT] EXISTS where no transaction undoes a failure."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.transactions.repeatable import lacks_guard
from modeler.previews.sql.commands import AlterRelation, CreateIndex, CreateTable, Drop
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class NotRepeatable(Hazard):
    code = "MP509"
    slug = "not-repeatable"
    title = "SQL outside of a transaction cannot run a second time"
    level = Level.WARNING
    hint = "Write IF EXISTS or IF NOT EXISTS, so that the migration may run again."
    opt_in = "style"

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        if migration.preview.atomic:
            return
        for sent, command in migration.commands():
            operation = migration.operation(sent.statement.operation)
            if operation is None or operation.kind != "RunSQL":
                continue
            if not isinstance(command, CreateTable | AlterRelation | Drop | CreateIndex):
                continue
            if isinstance(command, CreateIndex) and command.concurrently:
                continue  # MP405 advises otherwise
            if lacks_guard(command):
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"statement {sent.position + 1}",
                    "This statement fails when it runs again after a failure further on.",
                )
