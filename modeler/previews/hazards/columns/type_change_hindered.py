"""ALTER COLUMN TYPE of a column that a view, generated column or policy uses.

Source: ATExecAlterColumnType (commands/tablecmds.c).
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed
from modeler.previews.sql.actions import AlterType
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TypeChangeHindered(Hazard):
    code = "MP231"
    slug = "type-change-hindered"
    title = "A column's type cannot change because something uses the column"
    level = Level.ERROR
    hint = "Drop what uses the column before, and make it anew afterwards, in the same migration."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AlterType):
            effects = sent.statement.effects
            if effects is None or not effects.hindered_by:
                continue
            use = "uses" if len(effects.hindered_by) == 1 else "use"
            yield self.found(
                migration,
                sent.statement.operation,
                f"{relation}.{action.column}",
                f"The type of {relation}.{action.column} cannot change: "
                f"{listed(effects.hindered_by)} {use} it.",
                evidence=(
                    ("statement", sent.statement.sql),
                    *((("server", sent.statement.error),) if sent.statement.error else ()),
                ),
                waits=(),
            )
