"""Strong locks without a lock_timeout: whoever comes later queues behind the migration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.timeouts import is_off, milliseconds, timeouts_before
from modeler.previews.sql.commands import SetParameter
from modeler.reporting.context import Context, Need
from modeler.reporting.finding import Finding, Level

# Requests that queue for longer run into the timeouts of common web servers' load balancers.
LONG_MILLISECONDS = 10_000


@HAZARDS.register
class NoLockTimeout(Hazard):
    code = "MP506"
    slug = "no-lock-timeout"
    title = "A strong lock is waited for without a limit"
    level = Level.INFO
    hint = "Run `manage.py migrate_safely`, or set lock_timeout before the first such statement."

    def check(self, context: Context) -> Iterable[Finding]:
        plan: Plan = context[Need.PLAN]
        unlimited: list[tuple[Planned, Sent, str]] = []
        for migration, sent, table in _waits(plan):
            value = timeouts_before(plan, migration, sent)["lock_timeout"]
            later = _set_later(migration, sent)
            time = milliseconds(value)
            if is_off(value) and later:
                yield self.found(
                    migration,
                    later.statement.operation,
                    table,
                    f"lock_timeout is set after the lock on {table} was waited for.",
                    level=Level.WARNING,
                    hint="Move SET lock_timeout before the first statement that needs a lock.",
                )
            elif is_off(value):
                unlimited.append((migration, sent, table))
            elif time is not None and time > LONG_MILLISECONDS:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    table,
                    f"lock_timeout is {value}: while the migration waits so long for {table}, "
                    "everyone else queues behind it.",
                    level=Level.WARNING,
                    hint="Choose a few seconds, and try again when they run out.",
                )
        if unlimited:
            migration, sent, table = unlimited[0]
            count = len({entry[0].key for entry in unlimited})
            rest = f" (and {count - 1} more migrations)" if count > 1 else ""
            yield self.found(
                migration,
                sent.statement.operation,
                table,
                f"The migration waits for its lock on {table} without a limit{rest}; meanwhile "
                "everyone else queues behind it.",
            )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        return ()  # the whole plan is looked at, above


def _waits(plan: Plan) -> Iterator[tuple[Planned, Sent, str]]:
    """Return of each migration the first statement that shuts people out of a table."""
    for migration in plan.migrations:
        for sent in migration.sent:
            tables = [
                lock.relation
                for lock in sent.locks
                if lock.kind.holds_rows and lock.mode.blocks_writes
            ]
            if tables:
                yield migration, sent, tables[0]
                break


def _set_later(migration: Planned, sent: Sent) -> Sent | None:
    return next(
        (
            later
            for later, command in migration.commands()
            if later.position > sent.position
            and isinstance(command, SetParameter)
            and command.name == "lock_timeout"
            and not is_off(command.value or "")
        ),
        None,
    )
