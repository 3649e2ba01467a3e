"""BEGIN, COMMIT or ROLLBACK inside of a migration that runs in a transaction."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import Transaction
from modeler.reporting.finding import Finding, Level

ENDS = frozenset({"commit", "rollback", "prepare"})


@HAZARDS.register
class OwnTransaction(Hazard):
    code = "MP507"
    slug = "own-transaction"
    title = "SQL of the migration ends Django's transaction"
    level = Level.ERROR
    hint = "Leave BEGIN and COMMIT out, or set atomic = False on the migration."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        if not migration.preview.atomic:
            return
        told: set[int] = set()
        for sent, command in migration.commands():
            if not isinstance(command, Transaction) or sent.statement.operation in told:
                continue
            if command.verb in ENDS:
                told.add(sent.statement.operation)
                yield self.found(
                    migration,
                    sent.statement.operation,
                    command.verb.upper(),
                    f"{command.verb.upper()} ends the transaction that Django opened: what comes "
                    "after it is not undone when the migration fails.",
                )
        for sent, command in migration.commands():
            if not isinstance(command, Transaction) or sent.statement.operation in told:
                continue
            if command.verb == "begin":
                told.add(sent.statement.operation)
                yield self.found(
                    migration,
                    sent.statement.operation,
                    "BEGIN",
                    "BEGIN does nothing here, because Django has opened a transaction already.",
                    level=Level.WARNING,
                )
