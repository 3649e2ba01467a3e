"""ALTER COLUMN TYPE to the type that the column has.

Source: schema editor of Django, _alter_field.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AlterType
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TypeChangeWithoutChange(Hazard):
    code = "MP235"
    slug = "type-change-without-change"
    title = "A comment costs the strongest lock for a moment"
    level = Level.INFO
    hint = "Write COMMENT ON COLUMN in RunSQL with SeparateDatabaseAndState: it locks nobody out."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AlterType):
            operation = migration.operation(sent.statement.operation)
            if (
                operation is None
                or operation.old is None
                or operation.new is None
                or operation.old.comment == operation.new.comment
                or operation.old.kind != operation.new.kind
                or operation.old.max_length != operation.new.max_length
                or operation.old.collation != operation.new.collation
                or (operation.old.max_digits, operation.old.decimal_places)
                != (operation.new.max_digits, operation.new.decimal_places)
                or not sent.locks
                or sent.work
            ):
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                f"{relation}.{action.column}",
                f"Reads and writes of {relation} wait for a moment, although the type of "
                f"{action.column} stays the same: only its comment changes.",
                waits=(),
            )
