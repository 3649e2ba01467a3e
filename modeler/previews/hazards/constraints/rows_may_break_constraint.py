"""Rows that are there may break what is proved without blocking: the query that counts them.

Constraints that are added and proved at once carry the same query in their own findings.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards import counting
from modeler.previews.hazards.constraints.foreign_keys import referenced
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import alterations, table_named, work_on
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddConstraint, ValidateConstraint
from modeler.previews.sql.commands import CreateIndex
from modeler.previews.sql.definitions import Constraint
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class RowsMayBreakConstraint(Hazard):
    code = "MP314"
    slug = "rows-may-break-constraint"
    title = "Rows that are there may break a constraint"
    level = Level.INFO
    hint = "Run the counting query on a replica; mend what it counts before you migrate."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        yield from self._unique_indexes(migration)
        for sent, _, action, table in alterations(migration):
            if not isinstance(action, ValidateConstraint):
                continue
            if not work_on(sent, table, WorkKind.SCAN, WorkKind.VALIDATION):
                continue
            declared, parent = _declared(plan, action.name, table)
            query = counting.breaking(table, declared, parent=parent) if declared else ""
            if query:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{table}.{action.name}",
                    f"Validating {action.name} fails if a row of {table} breaks it.",
                    evidence=counting.evidence(query),
                )

    def _unique_indexes(self, migration: Planned) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, CreateIndex):
                continue
            if not command.unique or not command.concurrently:
                continue
            table = table_named(migration, sent, command.table)
            if table:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{table}.{command.name}",
                    f"The unique index {command.name} fails on duplicates in {table}, and is then "
                    "left behind invalid.",
                    evidence=counting.evidence(counting.breaking_index(table, command)),
                )


def _declared(plan: Plan, name: str, table: str) -> tuple[Constraint | None, str]:
    """Return a constraint as the plan adds it, with the table that a foreign key refers to."""
    for migration in plan.migrations:
        for sent, _, action, found in alterations(migration):
            if (
                found == table
                and isinstance(action, AddConstraint)
                and action.constraint.name == name
            ):
                return action.constraint, referenced(migration, sent, action.constraint)
    return None, ""
