"""DROP CONSTRAINT of a foreign key locks the other table as well (measured, 14 to 18)."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.postgres.locks import LockMode
from modeler.previews.hazards.constraints.dropped import lone_drops
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ForeignKeyDropLocksOther(Hazard):
    code = "MP311"
    slug = "foreign-key-drop-locks-other"
    title = "Dropping a foreign key locks the table that it refers to"
    level = Level.WARNING
    hint = "Drop it in a migration of its own, with a lock_timeout, and try again if it runs out."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, action, table, others in lone_drops(migration):
            for other in others:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{table}.{action.name}",
                    f"Dropping the foreign key {action.name} of {table} stops reads and writes "
                    f"of {other} as well.",
                    evidence=(
                        ("statement", sent.statement.sql),
                        (f"lock on {other}", str(LockMode.ACCESS_EXCLUSIVE)),
                    ),
                )
