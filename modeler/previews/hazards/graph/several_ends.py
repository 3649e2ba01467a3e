"""Several last migrations of one app. Source: Django manual, makemigrations --merge."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.context import Context, Need
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class SeveralEnds(Hazard):
    code = "MP701"
    slug = "several-ends"
    title = "An app has several last migrations"
    level = Level.ERROR
    hint = "Run `manage.py makemigrations --merge`, or rebase one branch upon the other."

    def check(self, context: Context) -> Iterable[Finding]:
        plan: Plan = context[Need.PLAN]
        for app, names in plan.graph.conflicts.items():
            yield self.finding(
                app,
                f"{' and '.join(names)} both claim to be the last migration of {app}, so Django "
                "refuses to migrate.",
                evidence=tuple(("last", f"{app}.{name}") for name in names),
            )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        return ()  # the graph is looked at, above
