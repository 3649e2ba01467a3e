"""SET LOGGED, UNLOGGED and ACCESS METHOD. Source: PostgreSQL manual, ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import SetAccessMethod, SetLogged
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class StorageChangeRewrites(Hazard):
    code = "MP107"
    slug = "storage-change-rewrites"
    title = "A table becomes logged, unlogged, or stored in another way"
    level = Level.ERROR
    hint = "Make a new table of that kind, copy the rows in batches, and swap the names."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.every_part():
            if not sent.works(WorkKind.REWRITE):
                continue
            if isinstance(action, SetLogged):
                becomes = "it becomes logged" if action.logged else "it becomes unlogged"
            elif isinstance(action, SetAccessMethod):
                becomes = f"it is stored by {action.method} from now on"
            else:
                continue
            yield from self.waiting(
                migration, [sent], relation, relation,
                f"every row is written anew, because {becomes}", plan,
            )  # fmt: skip
