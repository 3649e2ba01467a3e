"""Any wait that no other rule has spoken of. Source: PostgreSQL manual, section 13.3."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import Work, WorkKind
from modeler.previews.hazards.hazard import Hazard, blocking_in_words, size_of
from modeler.previews.hazards.plan import Plan, Planned, Wait
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed, who_waits, work_in_words
from modeler.reporting.finding import Finding, Level

# How many rows a statement of the migration's own reads or writes depends on its condition.
OF_SOME_ROWS = frozenset({WorkKind.ROWS, WorkKind.READ})


@HAZARDS.register
class WritesWait(Hazard):
    code = "MP199"
    slug = "writes-wait"
    title = "A table is locked while the migration works"
    level = Level.ERROR
    hint = "Move the work into another migration, so that the lock is not held meanwhile."
    says_what_is_left = True

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        groups: dict[str, list[tuple[LockMode, int, Work]]] = {}
        for hold in migration.holds:
            for position, work in hold.during if hold.blocks_long else ():
                if Wait(migration.key, hold.relation, position) not in plan.explained:
                    groups.setdefault(hold.relation, []).append((hold.mode, position, work))
        for relation, entries in groups.items():
            mode = max((mode for mode, _, _ in entries), key=lambda found: found.strength)
            positions = sorted({position for _, position, _ in entries})
            waits = [Wait(migration.key, relation, position) for position in positions]
            doing = listed((work_in_words(work) for _, _, work in entries), most=2)
            mild = all(work.kind in OF_SOME_ROWS for _, _, work in entries)
            yield self.found(
                migration,
                migration.sent[positions[0]].statement.operation,
                relation,
                f"{who_waits(mode, [relation])} while {doing}.",
                plan=plan,
                table=_biggest(migration, plan, [work.relation for _, _, work in entries]),
                level=Level.WARNING if mild else None,
                evidence=blocking_in_words(
                    migration, [migration.sent[position] for position in positions], waits
                ),
                waits=waits,
            )


def _biggest(migration: Planned, plan: Plan, tables: list[str]) -> str:
    """Return the table whose work takes longest."""

    def size(table: str) -> float:
        found = size_of(plan, migration, table)
        return float("inf") if found is None else found.bytes

    return max(tables, key=size)
