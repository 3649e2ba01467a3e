"""Several statements that each work through a table, where one could."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import table_named
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import AlterRelation
from modeler.reporting.finding import Finding, Level

PASSES = frozenset({WorkKind.REWRITE, WorkKind.SCAN})


@HAZARDS.register
class RewrittenTwice(Hazard):
    code = "MP508"
    slug = "rewritten-twice"
    title = "A table is worked through several times where once would do"
    level = Level.WARNING
    hint = "Write one ALTER TABLE with all the changes, by RunSQL with state_operations."
    opt_in = "style"

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        passes: dict[tuple[int, str], list[int]] = defaultdict(list)
        for sent, command in migration.commands():
            if not isinstance(command, AlterRelation):
                continue
            table = table_named(migration, sent, command.name)
            if table and any(
                entry.relation == table and entry.kind in PASSES for entry in sent.work
            ):
                passes[sent.statement.transaction, table].append(sent.position)
        for (_, table), positions in passes.items():
            if len(set(positions)) < 2:
                continue
            yield self.found(
                migration,
                migration.sent[positions[-1]].statement.operation,
                table,
                f"{len(positions)} statements each work through all of {table} in one "
                "transaction; one ALTER TABLE would do it at once.",
                plan=plan,
                table=table,
            )
