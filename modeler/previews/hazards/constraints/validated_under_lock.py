"""VALIDATE CONSTRAINT under a lock that the same transaction took before."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import alterations, holder, work_on
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import ValidateConstraint
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ValidatedUnderLock(Hazard):
    code = "MP302"
    slug = "validated-under-lock"
    title = "A constraint is validated while an earlier lock of the transaction is kept"
    level = Level.ERROR
    hint = "Move the validation into a migration of its own, after this one."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, _, action, table in alterations(migration):
            if not isinstance(action, ValidateConstraint):
                continue
            if not work_on(sent, table, WorkKind.SCAN, WorkKind.VALIDATION):
                continue
            taken = holder(migration, sent, table, mode=LockMode.SHARE)
            if taken is None:
                continue
            exclusive = holder(migration, sent, table) is not None
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{action.name}",
                f"{'Reads and writes of' if exclusive else 'Writes to'} {table} wait while the "
                f"constraint {action.name} is validated, because the transaction keeps a lock "
                "that it took before.",
                plan=plan,
                table=table,
                evidence=(("lock taken by", taken.statement.sql),),
            )
