"""A foreign key that is dropped and made anew by the same operation.

Source: schema editor of Django, _alter_field.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed
from modeler.previews.sql.actions import AddConstraint
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
            names = migration.names_of(relation)
            again = any(
                gone.kind == "foreign key"
                and gone.table in names
                and gone.columns == constraint.columns
                for one in migration.sent[: sent.position]
                for gone in one.drops
            )
            if not again:
                continue
            target = sent.relation(constraint.references.table)
            tables = list(dict.fromkeys([relation, target]))
            yield from self.waiting(
                migration,
                [sent],
                relation,
                f"{relation}.{','.join(constraint.columns)}",
                f"its foreign key on {listed(constraint.columns)} is made anew and every row "
                f"checked again; reads and writes of {target} wait as well"
                if target != relation
                else f"its foreign key on {listed(constraint.columns)} is made anew and every row "
                "checked again",
                plan,
                others=tables,
            )
