"""CREATE INDEX on a partitioned table: on all partitions, one after the other."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.indexes.blocking_builds import is_partitioned
from modeler.previews.hazards.locked import table_named
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import waits_of
from modeler.previews.sql.commands import CreateIndex
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class PartitionedIndexBlocks(Hazard):
    code = "MP408"
    slug = "partitioned-index-blocks"
    title = "An index of a partitioned table is built on all partitions while writes wait"
    level = Level.ERROR
    hint = (
        "Create it ON ONLY the partitioned table, build each partition's index CONCURRENTLY, and "
        "attach those."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, CreateIndex):
                continue
            table = table_named(migration, sent, command.table)
            if not table or not is_partitioned(sent, table):
                continue
            if command.concurrently:
                continue  # PostgreSQL refuses it: MP198
            built = [entry.relation for entry in sent.work if entry.kind is WorkKind.INDEX_BUILD]
            if built:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{table}.{command.name}",
                    f"Writes to {table} wait while the index {command.name} is built on "
                    f"{len(built)} partition{'s' if len(built) > 1 else ''}.",
                    plan=plan,
                    table=table,
                    evidence=(("partitions", ", ".join(sorted(set(built)))),),
                    waits=waits_of(migration, [sent.position], {table, *built}),
                )
