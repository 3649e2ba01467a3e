"""ALTER COLUMN TYPE of a primary key and of everything that refers to it.

Source: schema editor of Django, _alter_field.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.type_changes import field_before
from modeler.previews.hazards.waiting import listed
from modeler.previews.sql.actions import AlterType
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class PrimaryKeyTypeChange(Hazard):
    code = "MP228"
    slug = "primary-key-type-change"
    title = "A primary key's type changes, and every table that refers to it"
    level = Level.ERROR
    hint = (
        "Add a second key column, keep it in step by a trigger, fill it in batches, and swap the "
        "two in a short transaction."
    )
    instead_of = ("MP221", "MP233")

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AlterType):
            old = field_before(migration, sent, relation, action)
            if old is None or not old.primary_key or not sent.works(WorkKind.REWRITE):
                continue
            working = self._working(migration, sent)
            written = list(dict.fromkeys(
                work.relation for one in working for work in one.works(WorkKind.REWRITE)
            ))  # fmt: skip
            others = [name for name in written if name != relation]
            also = f", and so is every row of {listed(others)}" if others else ""
            yield from self.waiting(
                migration,
                working,
                relation,
                f"{relation}.{action.column}",
                f"every row is written anew{also}, because the primary key {action.column} "
                "becomes "
                f"{action.type}",
                plan,
                others=[lock.relation for one in working for lock in one.locks],
            )

    def _working(self, migration: Planned, sent: Sent) -> list[Sent]:
        """Return what the operation does because of the key, that statement first."""
        return [
            sent,
            *(
                one
                for one in migration.of_operation(sent.statement.operation)
                if one.work and one is not sent
            ),
        ]
