"""UPDATE or DELETE without a WHERE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.data.data_operations import DATA_OPERATIONS, data_words
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import table_named, work_on
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import Query
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class EveryRowChanged(Hazard):
    code = "MP604"
    slug = "every-row-changed"
    title = "Every row of a table is deleted or changed"
    level = Level.ERROR
    hint = "Say which rows are meant, and work in batches; keep a copy of what is deleted."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, Query) or command.filtered:
                continue
            operation = migration.operation(sent.statement.operation)
            if operation is None or operation.kind not in DATA_OPERATIONS:
                continue
            deletes = command.verb == "delete"
            if not deletes and (command.verb != "update" or operation.kind == "RunPython"):
                continue  # MP603 speaks of Python code that updates
            for name in command.writes:
                table = table_named(migration, sent, name)
                if not table or not work_on(sent, table, WorkKind.ROWS):
                    continue
                who = data_words(migration, sent)
                yield self.found(
                    migration,
                    sent.statement.operation,
                    table,
                    f"{who} deletes every row of {table}."
                    if deletes
                    else f"{who} changes every row of {table} with one statement: all of them "
                    "stay locked until the migration ends.",
                    level=Level.ERROR if deletes else Level.WARNING,
                    plan=plan,
                    table=table,
                    waits=(),
                    evidence=(("statement", sent.statement.sql),),
                )
