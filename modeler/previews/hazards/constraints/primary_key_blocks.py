"""ADD PRIMARY KEY that builds its index. Source: PostgreSQL manual, ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards import counting
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import alterations, work_on
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddConstraint
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class PrimaryKeyBlocks(Hazard):
    code = "MP308"
    slug = "primary-key-blocks"
    title = "A primary key builds its index while nobody can use the table"
    level = Level.ERROR
    hint = (
        "Make the columns NOT NULL and build a unique index CONCURRENTLY first, then add the key "
        "with USING INDEX."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, _, action, table in alterations(migration):
            if not isinstance(action, AddConstraint) or action.constraint.kind != "primary key":
                continue
            if action.constraint.using_index or not work_on(sent, table, WorkKind.INDEX_BUILD):
                continue
            columns = ", ".join(action.constraint.columns)
            queries = (
                ("rows that would break it", counting.breaking(table, action.constraint)),
                ("rows without a key", counting.nulls(table, action.constraint.columns)),
            )
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{columns}",
                f"Reads and writes of {table} wait while its primary key on {columns} is built.",
                plan=plan,
                table=table,
                evidence=queries,
            )
