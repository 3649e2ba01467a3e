"""CREATE TABLE … PARTITION OF. Source: PostgreSQL manual, CREATE TABLE, PARTITION OF."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import CreateTable
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class NewPartitionLocksParent(Hazard):
    code = "MP118"
    slug = "new-partition-locks-parent"
    title = "A new partition locks the partitioned table"
    level = Level.WARNING
    hint = (
        "Make the table by itself, LIKE the partitioned one, and attach it: that lets others work."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, CreateTable) or command.partition_of is None:
                continue
            parent = sent.relation(command.partition_of)
            if any(lock.relation == parent and lock.mode.blocks_reads for lock in sent.locks):
                yield self.found(
                    migration,
                    sent.statement.operation,
                    parent,
                    f"Reads and writes of {parent} wait until the migration ends, because "
                    f"{sent.relation(command.name)} becomes its partition.",
                )
