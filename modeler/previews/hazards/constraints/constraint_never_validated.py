"""NOT VALID without a later VALIDATE in the plan."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import alterations
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddConstraint, DropConstraint, ValidateConstraint
from modeler.previews.sql.commands import AlterRelation
from modeler.previews.sql.definitions import Name
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ConstraintNeverValidated(Hazard):
    code = "MP313"
    slug = "constraint-never-validated"
    title = "A constraint is added without proof, and nothing pending proves it"
    level = Level.INFO
    hint = "Write the migration that validates it, so that it is not forgotten."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command, action, table in alterations(migration):
            if not isinstance(action, AddConstraint) or action.constraint.valid:
                continue
            if not action.constraint.enforced:
                continue
            name = action.constraint.name
            if _settled(plan, command.name, name):
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{name}",
                f"The constraint {name} of {table} is added as NOT VALID, and no pending "
                "migration validates it.",
            )


def _settled(plan: Plan, table: Name, constraint: str) -> bool:
    return any(
        isinstance(command, AlterRelation)
        and command.name.name == table.name
        and any(
            isinstance(action, ValidateConstraint | DropConstraint) and action.name == constraint
            for action in command.actions
        )
        for migration in plan.migrations
        for _, command in migration.commands()
    )
