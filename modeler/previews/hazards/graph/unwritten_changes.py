"""Changes of models that no migration holds, as Django's autodetector finds them."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.context import Context, Need
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class UnwrittenChanges(Hazard):
    code = "MP702"
    slug = "unwritten-changes"
    title = "Models have changed, and no migration says so"
    level = Level.WARNING
    hint = "Run `manage.py makemigrations`; preview it with --changes."

    def check(self, context: Context) -> Iterable[Finding]:
        plan: Plan = context[Need.PLAN]
        for change in plan.graph.unwritten or ():
            app, _, words = change.partition(": ")
            yield self.finding(
                app, f"The models of {app} have changes that no migration holds: {words}."
            )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        return ()  # the project is looked at, above
