"""DETACH PARTITION without CONCURRENTLY.

Source: PostgreSQL manual, ALTER TABLE, DETACH PARTITION.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import DetachPartition
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class DetachLocksPartitions(Hazard):
    code = "MP117"
    slug = "detach-locks-partitions"
    title = "Detaching a partition locks the whole partitioned table"
    level = Level.WARNING
    hint = "Use DETACH PARTITION … CONCURRENTLY in a migration of its own with atomic = False."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(DetachPartition):
            if action.concurrently or action.finalize:
                continue
            if any(lock.relation == relation and lock.mode.blocks_reads for lock in sent.locks):
                yield self.found(
                    migration,
                    sent.statement.operation,
                    relation,
                    f"Reads and writes of {relation} with all its partitions wait until "
                    f"{sent.relation(action.table)} is detached and the migration ends.",
                )
