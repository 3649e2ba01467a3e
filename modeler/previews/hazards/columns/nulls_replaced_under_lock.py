"""SET DEFAULT, UPDATE and SET NOT NULL in one transaction.

Source: schema editor of Django, _alter_field.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import SetNotNull
from modeler.previews.sql.commands import Query
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class NullsReplacedUnderLock(Hazard):
    code = "MP223"
    slug = "nulls-replaced-under-lock"
    title = "NULLs are replaced while the table is locked"
    level = Level.ERROR
    hint = (
        "Replace the NULLs in batches in an earlier migration with atomic = False, and validate a "
        "check before NOT NULL is set."
    )
    instead_of = ("MP222",)

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(SetNotNull):
            updates = [
                one
                for one in migration.of_operation(sent.statement.operation)
                if one.position < sent.position and _updates(one, relation)
            ]
            if not updates:
                continue
            scans = [sent] if sent.works(WorkKind.SCAN) else []
            checked = ", then every row is checked" if scans else ""
            yield from self.waiting(
                migration,
                [*updates, *scans],
                relation,
                f"{relation}.{action.column}",
                f"every NULL in {action.column} is replaced{checked}",
                plan,
            )


def _updates(sent: Sent, relation: str) -> bool:
    return bool(sent.works(WorkKind.ROWS)) and any(
        isinstance(command, Query)
        and command.verb == "update"
        and relation in map(sent.relation, command.writes)
        for command in sent.commands
    )
