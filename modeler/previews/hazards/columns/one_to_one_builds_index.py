"""A foreign key becomes a one-to-one field: its unique index is built.

Source: schema editor of Django, _alter_field.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddConstraint
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class OneToOneBuildsIndex(Hazard):
    code = "MP234"
    slug = "one-to-one-builds-index"
    title = "A foreign key becomes unique: its index is built under the strongest lock"
    level = Level.ERROR
    hint = (
        "Look for duplicates first; build the unique index concurrently, attach it as the "
        "constraint, and change the state alone."
    )
    instead_of = ("MP305",)

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AddConstraint):
            operation = migration.operation(sent.statement.operation)
            if (
                action.constraint.kind != "unique"
                or operation is None
                or operation.old is None
                or operation.new is None
                or not operation.old.target
                or not operation.new.unique
                or operation.old.unique
                or not sent.works(WorkKind.INDEX_BUILD)
            ):
                continue
            target = self._target(migration, sent.statement.operation, relation)
            also = f"; reads and writes of {target} wait as well" if target else ""
            yield from self.waiting(
                migration,
                [sent],
                relation,
                f"{relation}.{operation.new.column}",
                f"the unique index of {operation.new.column} is built; it fails if two rows have "
                f"the same value{also}",
                plan,
                others=[target],
            )

    def _target(self, migration: Planned, position: int, relation: str) -> str:
        """Return the table that the key refers to, where the operation has locked it."""
        return next(
            (
                gone.target
                for one in migration.of_operation(position)
                for gone in one.drops
                if gone.kind == "foreign key" and gone.table == relation
            ),
            "",
        )
