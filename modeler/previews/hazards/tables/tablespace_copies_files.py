"""SET TABLESPACE. Source: PostgreSQL manual, ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import SetTablespace
from modeler.previews.sql.commands import AlterRelation
from modeler.previews.sql.definitions import ObjectKind
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TablespaceCopiesFiles(Hazard):
    code = "MP106"
    slug = "tablespace-copies-files"
    title = "A table or index moves to another tablespace"
    level = Level.ERROR
    hint = (
        "Build an index anew in the other tablespace concurrently; move tables when nobody waits."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, AlterRelation) or not sent.works(WorkKind.COPY):
                continue
            space = next((a for a in command.actions if isinstance(a, SetTablespace)), None)
            if space is None:
                continue
            relation = sent.relation(command.name)
            table = sent.works(WorkKind.COPY)[0].relation
            if command.kind is ObjectKind.INDEX or table != relation:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    relation,
                    f"Queries of {table} wait while the file of its index {relation} is copied to "
                    f"the tablespace {space.tablespace}.",
                    plan=plan,
                    table=table,
                )
            else:
                yield from self.waiting(
                    migration,
                    [sent],
                    relation,
                    relation,
                    f"its file is copied to the tablespace {space.tablespace}",
                    plan,
                )
