"""CREATE TABLE IF NOT EXISTS of a table that is there. Source: PostgreSQL manual, CREATE TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import CreateTable
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class CreateTableDoesNothing(Hazard):
    code = "MP111"
    slug = "create-table-does-nothing"
    title = "CREATE TABLE IF NOT EXISTS does nothing, as the table is there"
    level = Level.WARNING
    hint = "Compare the table that is there with what is written, and change it by ALTER TABLE."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            effects = sent.statement.effects
            if (
                not isinstance(command, CreateTable)
                or not command.if_not_exists
                or effects is None
                or effects.unread
            ):
                continue
            relation = sent.relation(command.name)
            if relation not in effects.creates:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    relation,
                    f"CREATE TABLE IF NOT EXISTS {relation} does nothing: the table is there "
                    "already, whatever its columns are.",
                    waits=(),
                )
