"""How many rows a data statement may change: D05 and D11 of the catalogue are one thing.

The planner's estimate (``Plan.estimates``) decides where there is one. Without, the table's size
is the upper bound, and then only SQL is told: Python code on many rows has MP603.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.estimates.words import count_in_words
from modeler.previews.hazards.data.data_operations import DATA_OPERATIONS, data_words
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import table_named
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import Query
from modeler.reporting.finding import Finding, Level

# A hundred thousand rows are written in about a second; from then on people notice.
MANY_ROWS = 100_000


@HAZARDS.register
class ManyRowsChanged(Hazard):
    code = "MP605"
    slug = "many-rows-changed"
    title = "A statement may change many rows"
    level = Level.WARNING
    hint = "Count the rows on a replica; if they are many, work in batches with atomic = False."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            operation = migration.operation(sent.statement.operation)
            if not isinstance(command, Query) or not command.writes or operation is None:
                continue
            if operation.kind not in DATA_OPERATIONS:
                continue
            told_elsewhere = command.verb in {"update", "delete"} and not command.filtered
            if told_elsewhere or command.from_rows:
                continue
            table = table_named(migration, sent, command.writes[0])
            if not table:
                continue
            estimate = plan.estimates.get((migration.key, sent.position))
            if estimate is not None and estimate > MANY_ROWS:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    table,
                    f"{data_words(migration, sent)} changes many rows of {table} with one "
                    "statement, by the planner's estimate.",
                    evidence=(
                        ("statement", sent.statement.sql),
                        ("rows", f"about {count_in_words(estimate)}, by the planner"),
                    ),
                )
            elif estimate is None and operation.kind == "RunSQL":
                bound = _bound(migration, sent, command, plan)
                if bound is not None and bound > MANY_ROWS:
                    yield self.found(
                        migration,
                        sent.statement.operation,
                        table,
                        f"A statement may change many rows of {table}; how many, its condition "
                        "decides.",
                        level=Level.INFO,
                        evidence=(
                            ("statement", sent.statement.sql),
                            ("rows", f"up to {count_in_words(bound)}"),
                        ),
                    )


def _bound(migration: Planned, sent: Sent, command: Query, plan: Plan) -> float | None:
    """Return the rows of the biggest table that feeds the statement, None where not known."""
    if plan.sizes is None:
        return None
    names = command.reads if command.verb == "insert" else command.writes
    sizes = [plan.sizes.get(table_named(migration, sent, name)) for name in names]
    return max((size.rows for size in sizes if size and size.rows is not None), default=None)
