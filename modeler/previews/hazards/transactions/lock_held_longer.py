"""Work under a lock that another operation of the transaction took: the lock lasts longer.

Left to the rules that speak of the same statement: work under a lock that the working statement
takes by itself. Only CREATE INDEX is told here, instead of by MP401, where an earlier lock shuts
out readers too. Work on rows is MP503.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import Lock
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import ON_ROWS
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import waits_of, work_in_words
from modeler.previews.holds import Hold
from modeler.previews.sql.commands import CreateIndex
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class LockHeldLonger(Hazard):
    code = "MP501"
    slug = "lock-held-longer"
    title = "A lock is kept while the migration goes on to do other work"
    level = Level.ERROR
    hint = "Move the work into a migration of its own, so that the lock ends before it begins."
    instead_of = ("MP401",)

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for hold in migration.holds:
            if not hold.kind.holds_rows or not hold.mode.blocks_writes:
                continue
            taker = migration.sent[hold.first]
            worked = [
                (migration.sent[position], entry)
                for position, entry in hold.during
                if entry.kind not in ON_ROWS
                and migration.sent[position].statement.operation != taker.statement.operation
                and _lengthens(migration.sent[position], hold)
            ]
            if not worked:
                continue
            sent, entry = max(worked, key=lambda found: _bytes(plan, found[1].relation))
            more = len({found.position for found, _ in worked}) - 1
            who = "Reads and writes of" if hold.mode.blocks_reads else "Writes to"
            yield self.found(
                migration,
                sent.statement.operation,
                hold.relation,
                f"{who} {hold.relation} wait while {work_in_words(entry)}"
                f"{f' and {more} more statements work' if more > 1 else ''}"
                f"{' and 1 more statement works' if more == 1 else ''}, "
                "because an earlier operation's lock is kept.",
                plan=plan,
                table=entry.relation,
                evidence=(
                    ("lock taken by", taker.statement.sql),
                    ("statement", sent.statement.sql),
                ),
                waits=waits_of(
                    migration, [found.position for found, _ in worked], [hold.relation]
                ),
            )


def _lengthens(sent: Sent, hold: Hold) -> bool:
    """The statement would not shut the same people out of the table by itself."""
    own = [lock for lock in _locks(sent) if lock.relation == hold.relation]
    if not any(lock.mode.blocks_writes for lock in own):
        return True
    builds = [command for command in sent.commands if isinstance(command, CreateIndex)]
    return hold.mode.blocks_reads and bool(builds) and not any(one.unique for one in builds)


def _locks(sent: Sent) -> tuple[Lock, ...]:
    """By the rules: a trace does not show again what is held already."""
    effects = sent.statement.effects
    return effects.locks if effects else sent.locks


def _bytes(plan: Plan, table: str) -> int:
    size = plan.sizes.get(table) if plan.sizes is not None else None
    return size.bytes if size else 0
