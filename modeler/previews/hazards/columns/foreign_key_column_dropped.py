"""DROP COLUMN of a foreign key locks the other table as well.

Source: RemoveTriggerById (commands/trigger.c), 14 to 18.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.postgres.locks import LockMode
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import lock_in_words
from modeler.previews.sql.actions import DropColumn
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ForeignKeyColumnDropped(Hazard):
    code = "MP216"
    slug = "foreign-key-column-dropped"
    title = "A foreign key goes with its column: the other table is locked too"
    level = Level.WARNING
    hint = "Drop the foreign key alone first, in a short migration with lock_timeout."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(DropColumn):
            operation = sent.statement.operation
            targets = {
                gone.target
                for one in migration.of_operation(operation)
                for gone in one.drops
                if gone.kind == "foreign key"
                and gone.table == relation
                and action.column in gone.columns
            } - {relation}
            for hold in migration.holds:
                if hold.relation in targets and hold.mode is LockMode.ACCESS_EXCLUSIVE:
                    yield self.found(
                        migration,
                        operation,
                        f"{relation}.{action.column}",
                        f"Reads and writes of {hold.relation} wait until the migration ends: the "
                        f"foreign key of {relation}.{action.column} goes with the column.",
                        evidence=(
                            ("statement", sent.statement.sql),
                            ("lock", lock_in_words(hold)),
                        ),
                    )
