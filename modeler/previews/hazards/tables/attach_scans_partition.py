"""ATTACH PARTITION without a check that proves the bounds.

Source: PostgreSQL manual, ALTER TABLE, ATTACH PARTITION.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AttachPartition
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class AttachScansPartition(Hazard):
    code = "MP116"
    slug = "attach-scans-partition"
    title = "Every row of a partition is read while it is attached"
    level = Level.ERROR
    hint = "Add a check with the bounds first (NOT VALID, then validated): then no row is read."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AttachPartition):
            child = sent.relation(action.table)
            for work in sent.works(WorkKind.SCAN):
                yield from self.waiting(
                    migration,
                    [sent],
                    work.relation,
                    work.relation,
                    f"every row is held against the bounds of {child} in {relation}",
                    plan,
                )
