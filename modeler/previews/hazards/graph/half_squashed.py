"""A squash of which only a part is applied. Source: MigrationLoader.build_graph."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.context import Context, Need
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class HalfSquashed(Hazard):
    code = "MP705"
    slug = "half-squashed"
    title = "A squashed migration is applied in part"
    level = Level.WARNING
    hint = "Keep the replaced migrations until every database has all of them."

    def check(self, context: Context) -> Iterable[Finding]:
        plan: Plan = context[Need.PLAN]
        for squash in plan.graph.half_squashed:
            total = len(squash.applied) + len(squash.missing)
            yield self.finding(
                squash.key,
                f"{squash.key} stands for {total} migrations, of which {len(squash.missing)} "
                f"{'is' if len(squash.missing) == 1 else 'are'} not applied: Django runs those "
                "and passes the squash over.",
                evidence=tuple(("not applied", name) for name in squash.missing),
            )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        return ()  # the graph is looked at, above
