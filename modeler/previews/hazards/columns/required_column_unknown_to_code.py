"""A new NOT NULL column that code which runs now leaves out.

Source: schema editor of Django, add_field.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.new_columns import became_required
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.swapped_columns import swapped_columns
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class RequiredColumnUnknownToCode(Hazard):
    code = "MP202"
    slug = "required-column-unknown-to-code"
    title = "Code that still runs cannot insert: a new column is required"
    level = Level.ERROR
    hint = (
        "Give the field a db_default (Django 5), or add it with null=True and make it NOT NULL "
        "one deploy later."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        # What takes the place of a column that code writes is written under that name.
        replacing = {
            (relation, other) for (relation, _), other in swapped_columns(migration).items()
        }
        for (relation, column), sent in became_required(migration, plan).items():
            if migration.known(relation) is None or (relation, column) in replacing:
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                f"{relation}.{column}",
                f"Code that still runs cannot insert into {relation}: it leaves out the new "
                "column "
                f"{column}, which is NOT NULL and has no default in the database.",
                waits=(),
            )
