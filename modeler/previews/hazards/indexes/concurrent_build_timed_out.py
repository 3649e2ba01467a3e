"""A timeout that is in force while an index is built concurrently."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.indexes.concurrent import index_named, is_concurrent
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.timeouts import TIMEOUTS, is_off, timeouts_before
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ConcurrentBuildTimedOut(Hazard):
    code = "MP406"
    slug = "concurrent-build-timed-out"
    title = "A timeout may end a concurrent build"
    level = Level.WARNING
    hint = "Set the timeout to 0 for this statement alone, and back afterwards."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not is_concurrent(command) or not sent.locks:
                continue
            set_now = timeouts_before(plan, migration, sent)
            for name in TIMEOUTS:
                value = set_now.get(name, "")
                if not is_off(value):
                    yield self.found(
                        migration,
                        sent.statement.operation,
                        index_named(command),
                        f"{name} is {value} while CONCURRENTLY works on {index_named(command)}: "
                        "waiting long is normal for it, and a failure leaves an invalid index.",
                    )
