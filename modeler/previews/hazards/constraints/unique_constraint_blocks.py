"""ADD CONSTRAINT … UNIQUE that builds its index. Source: PostgreSQL manual, ALTER TABLE."""

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
class UniqueConstraintBlocks(Hazard):
    code = "MP305"
    slug = "unique-constraint-blocks"
    title = "A unique constraint builds its index while nobody can use the table"
    level = Level.ERROR
    hint = (
        "Build the unique index with CREATE UNIQUE INDEX CONCURRENTLY first, then add the "
        "constraint with USING INDEX."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, _, action, table in alterations(migration):
            if not isinstance(action, AddConstraint) or action.constraint.kind != "unique":
                continue
            operation = migration.operation(sent.statement.operation)
            if operation is not None and operation.new and operation.new.one_to_one:
                continue  # the rule of one-to-one fields speaks of it
            if action.constraint.using_index or not work_on(sent, table, WorkKind.INDEX_BUILD):
                continue
            columns = ", ".join(action.constraint.columns)
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{action.constraint.name or columns}",
                f"Reads and writes of {table} wait while the unique index on {columns} is built; "
                "duplicates make it fail.",
                plan=plan,
                table=table,
                evidence=counting.evidence(counting.breaking(table, action.constraint)),
            )
