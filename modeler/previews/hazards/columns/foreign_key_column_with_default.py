"""ADD COLUMN … DEFAULT … REFERENCES: rows of both tables are compared.

Source: PostgreSQL manual, ALTER TABLE.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.key_columns import key_columns
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ForeignKeyColumnWithDefault(Hazard):
    code = "MP210"
    slug = "foreign-key-column-with-default"
    title = "A foreign key with a default is added: every row is checked"
    level = Level.ERROR
    hint = (
        "Add the field with null=True, db_index=False and db_constraint=False, fill it in "
        "batches, "
        "then build the index concurrently and validate the constraint."
    )
    instead_of = ("MP208", "MP401")

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for added in key_columns(migration):
            if not added.sent.works(WorkKind.VALIDATION):
                continue
            index = " and its index is built" if added.indexes else ""
            yield from self.waiting(
                migration,
                [added.sent, *added.indexes],
                added.relation,
                f"{added.relation}.{added.column}",
                f"every row is checked against {added.target}{index}{added.waits_too}",
                plan,
                others=[added.target],
            )
