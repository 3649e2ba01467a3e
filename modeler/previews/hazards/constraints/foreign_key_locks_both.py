"""ADD FOREIGN KEY … NOT VALID: instant, but it waits for writers of both tables."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.constraints.foreign_keys import new_foreign_keys, referenced
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ForeignKeyLocksBoth(Hazard):
    code = "MP304"
    slug = "foreign-key-locks-both"
    title = "A foreign key that is not validated yet locks two tables for an instant"
    level = Level.INFO
    hint = "Set lock_timeout before it, and try again when it runs out."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, constraint, table in new_foreign_keys(migration):
            parent = referenced(migration, sent, constraint)
            if constraint.valid or parent in {"", table} or parent in plan.made:
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{constraint.name}",
                f"The foreign key {constraint.name} locks {table} and {parent} against writes: "
                "for an instant, once no transaction writes to either.",
                plan=plan,
                table=table,
            )
