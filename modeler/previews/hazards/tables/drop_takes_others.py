"""DROP TABLE … CASCADE takes views and foreign keys of others.

Source: PostgreSQL manual, section 5.15.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed
from modeler.previews.sql.commands import Drop
from modeler.previews.sql.definitions import ObjectKind
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class DropTakesOthers(Hazard):
    code = "MP103"
    slug = "drop-takes-others"
    title = "Views or foreign keys of other tables go with a dropped table"
    level = Level.WARNING
    hint = "Drop or change what depends on the table by name, before the table."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, Drop) or not command.cascade:
                continue
            if command.kind not in {
                ObjectKind.TABLE, ObjectKind.VIEW, ObjectKind.MATERIALIZED_VIEW,
            }:  # fmt: skip
                continue
            named = {sent.relation(name) for name in command.names}
            own = named | {gone.name for gone in sent.drops if gone.kind == "table"}
            views = [
                gone.name
                for gone in sent.drops
                if gone.kind.endswith("view") and gone.name not in named
            ]
            keys = [
                f"the foreign key of {gone.table} on {listed(gone.columns)}"
                for gone in sent.drops
                if gone.kind == "foreign key" and gone.table not in own
            ]
            if views or keys:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    listed(sorted(named)),
                    f"With {listed(sorted(named))} go {listed([*views, *keys])}.",
                    level=Level.ERROR if views else None,
                    waits=(),
                )
