"""ALTER TABLE SET SCHEMA. Source: PostgreSQL manual, ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import SetSchema
from modeler.previews.sql.commands import CreateView
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TableMoved(Hazard):
    code = "MP105"
    slug = "table-moved"
    title = "A table moves to another schema"
    level = Level.ERROR
    hint = "Add the schema to every role's search_path first, or leave a view in the old place."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        views = {
            sent.relation(command.name)
            for sent, command in migration.commands()
            if isinstance(command, CreateView) and not command.materialized
        }
        for sent, relation, action in migration.parts(SetSchema):
            if relation not in migration.running or relation in views:
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                relation,
                f"Code that still runs uses {relation}, which moves to the schema "
                f"{action.schema}.",
                evidence=(
                    ("statement", sent.statement.sql),
                    ("used by", migration.running[relation].model),
                ),
                waits=(),
            )
