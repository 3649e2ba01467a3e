"""ALTER COLUMN TYPE that writes every row anew.

Source: ATColumnChangeRequiresRewrite (commands/tablecmds.c).
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed
from modeler.previews.sql.actions import AlterType
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TypeChangeRewrites(Hazard):
    code = "MP221"
    slug = "type-change-rewrites"
    title = "A column's type changes and every row is written anew"
    level = Level.ERROR
    hint = (
        "Add a column of the new type, write both, fill old rows in batches, then read the new "
        "one "
        "and drop the old one."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        changes: dict[tuple[int, str], list[AlterType]] = {}
        for sent, relation, action in migration.parts(AlterType):
            if sent.works(WorkKind.REWRITE):
                changes.setdefault((sent.position, relation), []).append(action)
        for (position, relation), actions in changes.items():
            one: Sent = migration.sent[position]
            become = listed(f"{action.column} becomes {action.type}" for action in actions)
            yield from self.waiting(
                migration,
                [one],
                relation,
                f"{relation}.{actions[0].column}",
                f"every row is written anew, because {become}",
                plan,
            )
