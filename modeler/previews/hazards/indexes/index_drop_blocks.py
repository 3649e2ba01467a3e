"""DROP INDEX without CONCURRENTLY. Source: PostgreSQL manual, DROP INDEX."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.postgres.locks import LockMode
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import commands_of, holder, table_named
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import AlterRelation, Drop
from modeler.previews.sql.definitions import ObjectKind
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class IndexDropBlocks(Hazard):
    code = "MP402"
    slug = "index-drop-blocks"
    title = "Dropping an index locks its table"
    level = Level.WARNING
    hint = "Use RemoveIndexConcurrently in a migration of its own with atomic = False."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, Drop) or command.kind is not ObjectKind.INDEX:
                continue
            if command.concurrently:
                continue
            for table in sorted(
                lock.relation
                for lock in sent.locks
                if lock.kind.holds_rows and lock.mode is LockMode.ACCESS_EXCLUSIVE
            ):
                if holder(migration, sent, table) or _altered_anyway(migration, sent, table):
                    continue
                names = ", ".join(found.name for found in command.names)
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{table}.{names}",
                    f"Dropping the index {names} stops reads and writes of {table}, once it gets "
                    "its lock and until the migration ends.",
                    plan=plan,
                    table=table,
                )


def _altered_anyway(migration: Planned, sent: Sent, table: str) -> bool:
    """The same operation needs the lock for more, and another rule speaks of it."""
    return any(
        isinstance(command, AlterRelation) and table_named(migration, later, command.name) == table
        for later, command in commands_of(migration, sent.statement.operation)
        if later.position > sent.position
    )
