"""Several operations without a transaction: a failure leaves some of them done."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.transactions.repeatable import changes_something, is_repeatable
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class PartlyDone(Hazard):
    code = "MP505"
    slug = "partly-done"
    title = "A failure would leave the migration half done"
    level = Level.WARNING
    hint = "Give each operation a migration of its own, or write SQL that may run again."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        if migration.preview.atomic:
            return
        busy = sorted(
            {
                sent.statement.operation
                for sent, command in migration.commands()
                if changes_something(command)
            }
        )
        for position, following in pairwise(busy):
            if is_repeatable(migration, position):
                continue
            first = migration.preview.operations[position].description
            yield self.found(
                migration,
                following,
                f"operation {following + 1}",
                f"If operation {following + 1} fails, operation {position + 1} ({first}) stays "
                "done, and running the migration again fails there.",
            )
            return
