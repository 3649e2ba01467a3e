"""What belongs to a session, behind a pooler that works by transactions."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import Query, SetParameter
from modeler.reporting.finding import Finding, Level

SESSION_LOCKS = frozenset({"pg_advisory_lock", "pg_try_advisory_lock"})


@HAZARDS.register
class SessionBehindPooler(Hazard):
    code = "MP511"
    slug = "session-behind-pooler"
    title = "A setting of the session may end up in another session"
    level = Level.WARNING
    hint = "Migrate over a direct connection to PostgreSQL, or use SET LOCAL."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        if not plan.session.pooled:
            return
        for sent, command in migration.commands():
            if isinstance(command, SetParameter) and not command.local and command.value:
                what = f"SET {command.name}"
            elif isinstance(command, Query) and SESSION_LOCKS & set(command.functions):
                what = "An advisory lock of the session"
            else:
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                what.removeprefix("SET "),
                f"{what} may not hold for the next statement, and may reach other people's "
                "requests: DISABLE_SERVER_SIDE_CURSORS says that a pooler works by transactions.",
            )
