"""A foreign key whose columns begin no index."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.constraints.declared import declared_constraints
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import CreateIndex
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ForeignKeyWithoutIndex(Hazard):
    code = "MP315"
    slug = "foreign-key-without-index"
    title = "A foreign key has no index"
    level = Level.WARNING
    hint = "Add an index on the column, unless rows of the other table are never deleted."
    opt_in = "style"

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, table, constraint in declared_constraints(migration):
            if constraint.kind != "foreign key" or not constraint.columns:
                continue
            if any(
                set(index[: len(constraint.columns)]) == set(constraint.columns)
                for index in _indexed(plan, migration, table.name)
            ):
                continue
            columns = ", ".join(constraint.columns)
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table.name}.{columns}",
                f"The foreign key of {table.name} on {columns} has no index: deleting a row that "
                "it refers to reads the whole table.",
                plan=plan,
                table=table.name,
                waits=(),
            )


def _indexed(plan: Plan, migration: Planned, table: str) -> Iterable[tuple[str, ...]]:
    facts = migration.tables.get(table)
    yield from facts.indexed if facts else ()
    for other in plan.migrations:
        for _, command in other.commands():
            if (
                isinstance(command, CreateIndex)
                and command.table.name == table
                and not command.where
            ):
                yield tuple(element.column for element in command.elements)
        for _, name, constraint in declared_constraints(other):
            if name.name == table and constraint.kind in {"unique", "primary key"}:
                yield constraint.columns
