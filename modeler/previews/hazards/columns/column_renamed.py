"""RENAME COLUMN. Source: PostgreSQL manual, ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import Rename
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ColumnRenamed(Hazard):
    code = "MP220"
    slug = "column-renamed"
    title = "A column is renamed"
    level = Level.ERROR
    hint = "Keep the column's name: set db_column to the old one when the field is renamed."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(Rename):
            if not action.column or migration.known_column(relation, action.column) is None:
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                f"{relation}.{action.column}",
                f"Code that still runs uses {relation}.{action.column}, which is called "
                f"{action.to} from now on.",
                waits=(),
            )
