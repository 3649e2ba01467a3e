"""ALTER TABLE RENAME. Source: PostgreSQL manual, ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import Rename
from modeler.previews.sql.commands import CreateView
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TableRenamed(Hazard):
    code = "MP104"
    slug = "table-renamed"
    title = "A table is renamed"
    level = Level.ERROR
    hint = "Keep the table's name: set db_table in the model's Meta to the old one."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        views = {
            sent.relation(command.name)
            for sent, command in migration.commands()
            if isinstance(command, CreateView) and not command.materialized
        }
        for sent, relation, action in migration.parts(Rename):
            if action.column or action.constraint or relation in views:
                continue
            if relation not in migration.running:
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                relation,
                f"Code that still runs uses {relation}, which is called {action.to} from now on.",
                evidence=(
                    ("statement", sent.statement.sql),
                    ("used by", migration.running[relation].model),
                ),
                waits=(),
            )
