"""An index built in the transaction of ALTER COLUMN TYPE.

Source: schema editor of Django for PostgreSQL, _alter_field.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.indexes_built import waits_for_indexes
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AlterType
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class IndexBuiltAfterTypeChange(Hazard):
    code = "MP227"
    slug = "index-built-after-type-change"
    title = "An index is built while a change of type keeps everybody out"
    level = Level.ERROR
    hint = (
        "Drop the index concurrently before, and build it concurrently in a migration of its own "
        "with atomic = False."
    )
    instead_of = ("MP208", "MP401")

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        yield from waits_for_indexes(
            self,
            migration,
            plan,
            AlterType,
            "the change of a type locks the table until the migration ends",
        )
