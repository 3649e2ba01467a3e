"""DROP TABLE. Source: PostgreSQL manual, DROP TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.postgres.locks import LockMode
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed
from modeler.previews.sql.commands import CreateTable, Drop
from modeler.previews.sql.definitions import ObjectKind
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TableDropped(Hazard):
    code = "MP102"
    slug = "table-dropped"
    title = "A table is dropped"
    level = Level.ERROR
    hint = (
        "Remove the model from the state alone first (SeparateDatabaseAndState), deploy, and drop "
        "the table one deploy later."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        made_again = {
            sent.relation(command.name)
            for sent, command in migration.commands()
            if isinstance(command, CreateTable)
        }
        for sent, command in migration.commands():
            if not isinstance(command, Drop) or command.kind is not ObjectKind.TABLE:
                continue
            named = {sent.relation(name) for name in command.names}
            for gone in sent.drops:
                if gone.kind == "table" and gone.name in named - made_again:
                    yield self._found(migration, sent, gone.name)

    def _found(self, migration: Planned, sent: Sent, table: str) -> Finding:
        others = [
            lock.relation
            for lock in sent.locks
            if lock.relation != table
            and lock.kind.holds_rows
            and lock.mode is LockMode.ACCESS_EXCLUSIVE
        ]
        also = f" Reads and writes of {listed(others)} wait for it as well." if others else ""
        used = migration.known(table)
        if used is not None:
            return self.found(
                migration,
                sent.statement.operation,
                table,
                f"Code that still runs uses {table}, which is dropped with its rows.{also}",
                evidence=(("statement", sent.statement.sql), ("used by", used.model)),
                waits=(),
            )
        return self.found(
            migration,
            sent.statement.operation,
            table,
            f"The rows of {table} are gone for good; no model that runs now uses it.{also}",
            level=Level.WARNING if others else Level.INFO,
            hint="Keep a copy if the rows may be wanted again; drop its foreign keys first, in a "
            "short migration."
            if others
            else "Keep a copy of the table if its rows may be wanted again.",
            waits=(),
        )
