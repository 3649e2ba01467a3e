"""ALTER TABLE … RENAME of an index takes a stronger lock than ALTER INDEX (measured, 14 to 18)."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import RelationKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import Rename
from modeler.previews.sql.commands import AlterRelation
from modeler.previews.sql.definitions import ObjectKind
from modeler.reporting.finding import Finding, Level

INDEXES = frozenset({RelationKind.INDEX, RelationKind.PARTITIONED_INDEX})


@HAZARDS.register
class IndexRenamedAsTable(Hazard):
    code = "MP410"
    slug = "index-renamed-as-table"
    title = "An index is renamed by ALTER TABLE, under a stronger lock than it needs"
    level = Level.INFO
    hint = "Write ALTER INDEX … RENAME TO, or use RenameIndex."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, AlterRelation) or command.kind is not ObjectKind.TABLE:
                continue
            if not any(isinstance(action, Rename) for action in command.actions):
                continue
            for lock in sent.locks:
                if lock.kind in INDEXES and lock.mode is LockMode.ACCESS_EXCLUSIVE:
                    if lock.relation.rpartition(".")[2].strip('"') != command.name.name:
                        continue
                    yield self.found(
                        migration,
                        sent.statement.operation,
                        lock.relation,
                        f"Queries of {lock.table or 'the table'} wait while its index "
                        f"{lock.relation} is renamed; by ALTER INDEX they would not.",
                    )
