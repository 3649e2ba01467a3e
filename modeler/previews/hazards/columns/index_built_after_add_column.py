"""An index built in the transaction of ADD COLUMN. Source: PostgreSQL manual, section 13.3."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.indexes_built import indexes_after
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed
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
        for (relation, _), built in indexes_after(migration, AddColumn).items():
            names = listed(
                work.detail for one in built for work in one.works(WorkKind.INDEX_BUILD)
            )
            word = "index" if len(built) == 1 else "indexes"
            are = "is" if len(built) == 1 else "are"
            yield from self.waiting(
                migration,
                built,
                relation,
                f"{relation}.{names}",
                f"the {word} {names} {are} built, because the new column locks the table until "
                "the migration ends",
                plan,
            )
