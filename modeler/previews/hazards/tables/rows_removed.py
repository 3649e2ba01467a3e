"""TRUNCATE, DROP SCHEMA, DROP DATABASE. Source: PostgreSQL manual, TRUNCATE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard, size_in_words, size_of
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed
from modeler.previews.sql.commands import Drop, Truncate
from modeler.previews.sql.definitions import ObjectKind
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class RowsRemoved(Hazard):
    code = "MP108"
    slug = "rows-removed"
    title = "All rows of a table are removed"
    level = Level.ERROR
    hint = "Delete what is meant in batches with a condition, and keep a copy of what is deleted."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if isinstance(command, Truncate):
                named = [sent.relation(name) for name in command.tables]
                locked = {lock.relation for lock in sent.locks}
                tables = [
                    *[name for name in named if name in locked],
                    *[
                        lock.relation
                        for lock in sent.locks
                        if lock.kind.holds_rows
                        and lock.mode.blocks_reads
                        and lock.relation not in named
                    ],
                ]
                yield from self._found(migration, plan, sent, tables, "")
            elif isinstance(command, Drop) and command.kind is ObjectKind.SCHEMA:
                tables = [gone.name for gone in sent.drops if gone.kind == "table"]
                schema = listed(name.name for name in command.names)
                yield from self._found(
                    migration, plan, sent, tables, f", with the schema {schema}"
                )
            elif isinstance(command, Drop) and command.written == "database":
                name = listed(name.name for name in command.names)
                yield self.found(
                    migration,
                    sent.statement.operation,
                    name,
                    f"The database {name} is dropped with everything in it.",
                    waits=(),
                )

    def _found(
        self, migration: Planned, plan: Plan, sent: Sent, tables: list[str], how: str
    ) -> Iterable[Finding]:
        if not tables:
            return
        sizes = [size_of(plan, migration, table) for table in tables]
        empty = all(size is not None and size.rows == 0 for size in sizes)
        yield self.found(
            migration,
            sent.statement.operation,
            tables[0],
            f"All rows of {listed(tables)} are removed{how}.",
            level=Level.INFO if empty else None,
            evidence=tuple(
                ("size", size_in_words(table, size))
                for table, size in zip(tables, sizes, strict=True)
                if size is not None
            ),
            waits=(),
        )
