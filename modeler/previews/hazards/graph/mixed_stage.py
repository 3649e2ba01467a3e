"""One migration that must run before the new code and after the old code is gone."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.operations import OperationFacts
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level

# New code needs them; running code does not see them.
BEFORE = frozenset({"CreateModel", "AddField"})
# Running code needs what they remove; new code does not.
AFTER = frozenset({"DeleteModel", "RemoveField"})


@HAZARDS.register
class MixedStage(Hazard):
    code = "MP703"
    slug = "mixed-stage"
    title = "A migration fits neither before nor after the deploy"
    level = Level.WARNING
    hint = "Split it: what is added goes before the deploy, what is removed after it."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        real = [found for found in migration.operations if found.inside != "state"]
        made = {found.model for found in real if found.kind == "CreateModel"}
        added = [found for found in real if found.kind in BEFORE and found.managed]
        removed = [
            found
            for found in real
            if found.kind in AFTER
            and found.managed
            and found.model not in made
            and found.table not in plan.made
        ]
        if added and removed:
            yield self.found(
                migration,
                removed[0].position,
                f"{_name(removed[0])}+{_name(added[0])}",
                f"{_name(added[0])} must be there before the new code runs, and "
                f"{_name(removed[0])} must stay until the old code is gone: it does both.",
            )


def _name(found: OperationFacts) -> str:
    if found.kind in {"CreateModel", "DeleteModel"}:
        return found.table or found.model
    return f"{found.table}.{found.name}"
