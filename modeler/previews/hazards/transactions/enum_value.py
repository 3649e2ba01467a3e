"""Values of enumerated types: used too early, or renamed under running code.

Source: PostgreSQL manual, ALTER TYPE: a new value cannot be used before its transaction commits.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.failures import ENUM_VALUE, failed_at
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import AlterObject
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class EnumValue(Hazard):
    code = "MP510"
    slug = "enum-value"
    title = "A value of an enumerated type is used too early, or renamed"
    level = Level.ERROR
    hint = "Add the value in a migration of its own, before the one that uses it."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        failed = failed_at(migration, ENUM_VALUE)
        if failed is not None:
            yield self.found(
                migration,
                failed.operation,
                "enum",
                "This fails: a value that was added to an enumerated type cannot be used before "
                "its transaction ends.",
                evidence=failed.evidence,
            )
        for sent, command in migration.commands():
            if isinstance(command, AlterObject) and command.action == "rename value":
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{command.name.name}.{command.value}",
                    f"Code that is still running writes and asks for {command.value!r} of "
                    f"{command.name.name}, which is called {command.to!r} from now on.",
                    hint="Add the new value, let the code use it, move the rows, and leave the "
                    "old value be.",
                )
