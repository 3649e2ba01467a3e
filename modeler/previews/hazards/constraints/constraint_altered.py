"""ALTER CONSTRAINT and RENAME CONSTRAINT: instant, under the strongest lock."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import alterations
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AlterConstraint, Rename
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ConstraintAltered(Hazard):
    code = "MP319"
    slug = "constraint-altered"
    title = "A constraint is renamed or changed under the strongest lock"
    level = Level.INFO
    hint = "Set lock_timeout before it; code that knows the constraint by its name must follow."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, _, action, table in alterations(migration):
            if isinstance(action, Rename) and action.constraint:
                name, words = action.constraint, f"renamed to {action.to}"
            elif isinstance(action, AlterConstraint):
                name, words = action.name, "changed"
            else:
                continue
            checks = any(entry.kind is WorkKind.VALIDATION for entry in sent.work)
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{name}",
                f"{table} is locked while every row is checked, because {name} is {words}."
                if checks
                else f"{table} is locked for an instant while its constraint {name} is {words}.",
                level=Level.ERROR if checks else Level.INFO,
                plan=plan,
                table=table,
            )
