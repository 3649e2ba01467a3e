"""A foreign key that is dropped and made anew by the same operation.

Source: schema editor of Django, _alter_field.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import Dropped, WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed
from modeler.previews.sql.actions import AddConstraint, Rename
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ForeignKeyCheckedAgain(Hazard):
    code = "MP233"
    slug = "foreign-key-checked-again"
    title = "A foreign key is dropped and made anew, so every row is checked again"
    level = Level.ERROR
    hint = (
        "Put the operation into SeparateDatabaseAndState, and write the change itself in SQL, "
        "without the foreign key."
    )
    instead_of = ("MP303",)

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AddConstraint):
            constraint = action.constraint
            if not constraint.references or not sent.works(WorkKind.VALIDATION):
                continue
            before = _dropped_before(migration, sent, relation, constraint.columns)
            if before is None:
                continue
            # The other table is locked since the key was dropped, whatever else is done first.
            own = migration.of_operation(sent.statement.operation)
            working = [sent, *(one for one in own if one.work and one is not sent)]
            others = {sent.relation(constraint.references.table), before.target} - {relation}
            also = f"; reads and writes of {listed(sorted(others))} wait as well" if others else ""
            yield from self.waiting(
                migration,
                working,
                relation,
                f"{relation}.{','.join(constraint.columns)}",
                f"its foreign key on {listed(constraint.columns)} is made anew and every row "
                f"checked again{also}",
                plan,
                others=others,
            )


def _dropped_before(
    migration: Planned, sent: Sent, relation: str, columns: tuple[str, ...]
) -> Dropped | None:
    """Return the foreign key on the same columns that the migration has dropped."""
    names = migration.names_of(relation)
    new_names = {
        action.column: action.to for _, table, action in migration.parts(Rename) if table in names
    }
    for one in migration.sent[: sent.position]:
        for gone in one.drops:
            now = tuple(new_names.get(column, column) for column in gone.columns)
            if gone.kind != "foreign key" or gone.table not in names:
                continue
            if columns in {now, gone.columns}:
                return gone
    return None
