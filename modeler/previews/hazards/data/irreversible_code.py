"""RunPython or RunSQL without a way back. Source: Django manual, Reversing migrations."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.data.data_operations import DATA_OPERATIONS
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.transactions.repeatable import changes_something
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class IrreversibleCode(Hazard):
    code = "MP601"
    slug = "irreversible-code"
    title = "Code of a migration has no way back"
    level = Level.WARNING
    hint = "Give the operation its reverse, or noop where nothing has to be undone."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for operation in migration.operations:
            if operation.kind not in DATA_OPERATIONS or operation.reverse:
                continue
            if operation.inside == "state":
                continue
            sent = migration.of_operation(operation.position)
            changes = any(changes_something(command) for one in sent for command in one.commands)
            harmless = bool(sent) and not changes
            what = operation.code if operation.code.isidentifier() else operation.kind
            yield self.found(
                migration,
                operation.position,
                f"{what} {operation.position + 1}",
                f"{what} cannot be undone, so Django refuses to go back past this migration"
                f"{'; it changed nothing in the rehearsal' if harmless else ''}.",
                level=Level.INFO if harmless else None,
                hint=f"Add {operation.kind}.noop as its reverse." if harmless else None,
            )
