"""Python code that changes many rows in one transaction.

Decided by what it sent on the shadow (which tables it reads and writes) and by how it is written
(one by one, all at once, in batches), because a shadow has few rows.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.python_code import Function, code_operations
from modeler.previews.hazards.querysets import is_batched, writes_of_many
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import Query
from modeler.reporting.finding import Finding, Level

WAYS = {
    "loop": "one by one",
    "update": "with one statement",
    "delete": "with one statement",
}


@HAZARDS.register
class RowsWithoutBatches(Hazard):
    code = "MP603"
    slug = "rows-without-batches"
    title = "Python code changes many rows in one transaction"
    level = Level.WARNING
    hint = "Go through the rows in batches, each in its own transaction, with atomic = False."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for operation, _, functions in code_operations(migration):
            table = _table(migration, operation.position)
            if not table:
                continue
            atomic = migration.preview.operations[operation.position].atomic
            way = _way(functions, atomic=atomic)
            if not way:
                continue
            yield self.found(
                migration,
                operation.position,
                f"{operation.code}.{table}",
                f"{operation.code} changes rows of {table} {way}: they stay locked until the last "
                "one is done.",
                plan=plan,
                table=table,
                waits=(),
            )


def _way(functions: tuple[Function, ...], *, atomic: bool) -> str:
    for function in functions:
        for node, word in writes_of_many(function):
            if is_batched(function, node):
                if atomic:
                    return "in batches, yet all in one transaction"
                continue
            if word == "loop" and not atomic:
                continue  # each save commits by itself
            return WAYS[word]
    return ""


def _table(migration: Planned, position: int) -> str:
    """Return the table whose rows are changed, or read where there was none to change."""
    read = ""
    for sent in migration.of_operation(position):
        for command in sent.commands:
            if not isinstance(command, Query):
                continue
            if command.verb == "delete" and not command.filtered:
                return ""  # MP604 says more
            for entry in sent.work:
                if entry.kind is WorkKind.ROWS and command.verb in {"update", "delete"}:
                    return entry.relation
                if entry.kind is WorkKind.READ and not read:
                    read = entry.relation
    return read
