"""CREATE TABLE without a primary key.

Source: PostgreSQL manual, section 29.1 (logical replication).
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddColumn, AddConstraint
from modeler.previews.sql.commands import CreateTable
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TableWithoutPrimaryKey(Hazard):
    code = "MP110"
    slug = "table-without-primary-key"
    title = "A new table has no primary key"
    level = Level.WARNING
    hint = "Declare a primary key."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        later = {
            relation
            for _, relation, action in migration.parts(AddConstraint)
            if action.constraint.kind == "primary key"
        } | {
            relation
            for _, relation, added in migration.parts(AddColumn)
            if any(part.kind == "primary key" for part in added.column.constraints)
        }
        for sent, command in migration.commands():
            if not isinstance(command, CreateTable) or command.temporary or command.foreign:
                continue
            if command.partition_of or command.of_type or command.like or command.inherits:
                continue
            relation = sent.relation(command.name)
            parts = [*command.constraints, *(p for c in command.columns for p in c.constraints)]
            kinds = {part.kind for part in parts}
            effects = sent.statement.effects
            created = effects is None or relation in effects.creates
            if "primary key" in kinds or relation in later or not created:
                continue
            instead = "; a unique constraint does not stand in for it" if "unique" in kinds else ""
            yield self.found(
                migration,
                sent.statement.operation,
                relation,
                f"The new table {relation} has no primary key{instead}.",
                waits=(),
            )
