"""New code cannot insert while a required column is still there.

Source: schema editor of Django, remove_field.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.swapped_columns import swapped_columns
from modeler.previews.sql.actions import DropColumn
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class DroppedColumnRequiredUntilThen(Hazard):
    code = "MP219"
    slug = "dropped-column-required-until-then"
    title = "New code cannot insert until a required column is dropped"
    level = Level.WARNING
    hint = (
        "Make the column nullable, or give it a db_default, one deploy before the field is "
        "removed."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        swapped = swapped_columns(migration)
        for sent, relation, action in migration.parts(DropColumn):
            used = migration.known_column(relation, action.column)
            required = any(
                gone.kind == "column" and gone.name == action.column and gone.required
                for gone in sent.drops
            )
            if (relation, action.column) in swapped:
                continue
            if used is None or used.primary_key or not required:
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                f"{relation}.{action.column}",
                f"New code cannot insert into {relation} before this migration has run: "
                f"{action.column} is NOT NULL and has no default in the database.",
                waits=(),
            )
