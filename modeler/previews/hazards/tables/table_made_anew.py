"""DROP TABLE and CREATE TABLE of the same name. Source: PostgreSQL manual, DROP TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard, size_in_words, size_of
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import CreateTable
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TableMadeAnew(Hazard):
    code = "MP112"
    slug = "table-made-anew"
    title = "A table is dropped and made anew"
    level = Level.ERROR
    hint = "Change the table by ALTER TABLE, so that its rows stay."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        dropped: set[str] = set()
        for sent in migration.sent:
            for command in sent.commands:
                relation = sent.relation(command.name) if isinstance(command, CreateTable) else ""
                if relation not in dropped:
                    continue
                size = size_of(plan, migration, relation)
                empty = size is not None and size.rows == 0
                yield self.found(
                    migration,
                    sent.statement.operation,
                    relation,
                    f"{relation} is dropped and made anew: all its rows are gone.",
                    level=Level.INFO if empty else None,
                    evidence=(("size", size_in_words(relation, size)),) if size else (),
                    waits=(),
                )
            dropped |= {gone.name for gone in sent.drops if gone.kind == "table"}
