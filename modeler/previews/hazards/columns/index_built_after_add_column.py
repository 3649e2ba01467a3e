"""An index built in the transaction of ADD COLUMN. Source: PostgreSQL manual, section 13.3."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.indexes_built import waits_for_indexes
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddColumn
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class IndexBuiltAfterAddColumn(Hazard):
    code = "MP208"
    slug = "index-built-after-add-column"
    title = "An index is built while ADD COLUMN keeps everybody out"
    level = Level.ERROR
    hint = (
        "Add the field without an index; add models.Index with AddIndexConcurrently in a "
        "migration "
        "of its own with atomic = False."
    )
    instead_of = ("MP401",)

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        yield from waits_for_indexes(
            self,
            migration,
            plan,
            AddColumn,
            "the new column locks the table until the migration ends",
        )
