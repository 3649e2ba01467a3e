"""Access exclusive locks of several tables in one transaction: a deadlock is possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class SeveralTablesLocked(Hazard):
    code = "MP502"
    slug = "several-tables-locked"
    title = "One transaction locks several tables altogether"
    level = Level.INFO
    hint = "Give each table a migration of its own, so that it holds one lock at a time."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        taken: dict[int, dict[str, int]] = defaultdict(dict)
        for hold in migration.holds:
            if hold.kind.holds_rows and hold.mode.blocks_reads:
                sent = migration.sent[hold.first]
                taken[sent.statement.transaction][hold.relation] = sent.statement.operation
        for tables in taken.values():
            # What one operation needs together cannot be taken apart.
            if len(tables) < 2 or len(set(tables.values())) < 2:
                continue
            names = list(tables)
            shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if names[3:] else "")
            yield self.found(
                migration,
                list(tables.values())[-1],
                "+".join(names),
                f"One transaction keeps reads and writes from {shown}; transactions that use them "
                "in another order may deadlock with it.",
                evidence=(("order", ", ".join(names)),),
            )
