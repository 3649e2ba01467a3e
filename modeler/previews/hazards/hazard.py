"""The base of every rule of migrations."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import ClassVar

from modeler.previews.effects.effect import Work
from modeler.previews.estimates.words import estimate_in_words
from modeler.previews.hazards.plan import Plan, Planned, Sent, Size, Wait
from modeler.previews.hazards.waiting import (
    lock_in_words,
    mode_during,
    waits_for_own_locks,
    waits_of,
    who_waits,
    work_in_words,
)
from modeler.reporting.context import Context, Need
from modeler.reporting.finding import Finding, Level
from modeler.reporting.rule import Rule

# A table below both is worked through in well under a tenth of a second, so that its lock hurts
# nobody; above, nothing is said about the level.
SMALL_ROWS = 10_000
SMALL_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class HazardFinding(Finding):
    """A finding that says which waits it accounts for, so that no other rule repeats them."""

    waits: tuple[Wait, ...] = field(default=(), compare=False)

    def plain(self) -> Finding:
        """Return it as others know it."""
        return Finding(**{part.name: getattr(self, part.name) for part in fields(Finding)})


class Hazard(Rule):
    """A rule that looks at one migration at a time.

    Class attributes:
        opt_in: the pack that it belongs to; it is only checked when a setting asks for that.
        instead_of: codes of more general rules; what they say of the same waits is left out.
        says_what_is_left: it is checked last, and finds in ``Plan.explained`` of which waits
            other rules have spoken.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.PLAN})
    opt_in: ClassVar[str] = ""
    instead_of: ClassVar[tuple[str, ...]] = ()
    says_what_is_left: ClassVar[bool] = False

    def check(self, context: Context) -> Iterable[Finding]:
        plan = context[Need.PLAN]
        for migration in plan.migrations:
            yield from self.check_migration(migration, plan)

    @abstractmethod
    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        """Yield what the rule finds in one migration."""

    def found(
        self,
        migration: Planned,
        position: int,
        subject: str,
        message: str,
        *,
        plan: Plan | None = None,
        table: str = "",
        level: Level | None = None,
        hint: str | None = None,
        evidence: tuple[tuple[str, str], ...] = (),
        waits: Sequence[Wait] | None = None,
    ) -> Finding:
        """Make a finding at an operation.

        Args:
            migration: where.
            position: of the operation, -1 for the migration as a whole.
            subject: what it is about, such as ``catalog_product.sku``.
            message: one line that names the object.
            plan, table: with both, a small table lowers the level, and its size is evidence.
            level, hint, evidence: see ``Rule.finding``.
            waits: that it accounts for; without, those for ``table`` while this operation works.
        """
        level = level or self.level
        if plan is not None and table:
            size = size_of(plan, migration, table)
            if size is not None:
                evidence = (*evidence, ("size", size_in_words(table, size)))
                if is_small(size):
                    level = Level.INFO
        sent = migration.of_operation(position) if position >= 0 else ()
        if sent and not any(name == "statement" for name, _ in evidence):
            evidence = (("statement", sent[0].statement.sql), *evidence)
        costs = [one.statement.estimate for one in sent if one.statement.estimate]
        evidence += tuple(("estimate", estimate_in_words(cost)) for cost in costs)
        if waits is None:
            own = [one.position for one in sent]
            waits = waits_of(migration, own, [table]) if table else ()
        found = self.finding(
            f"{migration.key}:{subject}",
            message,
            level=level,
            hint=hint,
            place=migration.place(position) if position >= 0 else None,
            evidence=evidence,
        )
        return HazardFinding(
            **{part.name: getattr(found, part.name) for part in fields(Finding)},
            waits=tuple(waits),
        )

    def waiting(
        self,
        migration: Planned,
        working: Sequence[Sent],
        relation: str,
        subject: str,
        doing: str,
        plan: Plan,
        *,
        others: Iterable[str] = (),
        hint: str | None = None,
    ) -> Iterable[Finding]:
        """Yield one finding if users of a table wait while statements work.

        Args:
            migration: where.
            working: the statements; the first one's operation is the place.
            relation: the table; its size decides the level.
            subject: see ``found``.
            doing: what goes on, as it follows ``while``.
            plan: for sizes.
            others: tables that wait too because of this, beside those that ``working`` locks.
            hint: see ``found``.
        """
        waits = {
            *waits_for_own_locks(migration, *working),
            *waits_of(migration, [one.position for one in working], [relation, *others]),
        }
        mode = mode_during(migration, waits, relation)
        if mode is None or not mode.blocks_writes:
            return
        yield self.found(
            migration,
            working[0].statement.operation,
            subject,
            f"{who_waits(mode, [relation])} while {doing}.",
            plan=plan,
            table=relation,
            hint=hint,
            evidence=blocking_in_words(migration, working, waits),
            waits=sorted(waits),
        )


def blocking_in_words(
    migration: Planned, working: Sequence[Sent], waits: Iterable[Wait]
) -> tuple[tuple[str, str], ...]:
    """Return evidence: the statements that work, what they do, and the locks meanwhile."""
    places: dict[str, set[int]] = {}
    for wait in waits:
        places.setdefault(wait.relation, set()).add(wait.position)
    held = [
        hold
        for hold in migration.holds
        if hold.relation in places
        and any(place in places[hold.relation] for place, _ in hold.during)
    ]
    work = dict.fromkeys(
        work_in_words(entry) + (f" ({entry.cause})" if _adds_something(entry) else "")
        for one in working
        for entry in one.work
    )
    return (
        *(("statement", one.statement.sql) for one in working),
        *(("lock", lock_in_words(hold)) for hold in held),
        *(("work", words) for words in work),
    )


def _adds_something(work: Work) -> bool:
    """Tell whether the cause says more than what the work is on."""
    return bool(work.cause) and not (work.detail and work.detail in work.cause)


def size_of(plan: Plan, migration: Planned, table: str) -> Size | None:
    """Return a live table's size, by any name that it bears in a migration."""
    if plan.sizes is None:
        return None
    found = (plan.sizes.get(name) for name in (table, *sorted(migration.names_of(table))))
    return next((size for size in found if size is not None), None)


def is_small(size: Size) -> bool:
    """Tell whether work on a table of that size hurts nobody."""
    return (size.rows is not None and size.rows < SMALL_ROWS) and size.bytes < SMALL_BYTES


def size_in_words(table: str, size: Size) -> str:
    """Return such as ``catalog_product has about 12 rows (80 kB)``."""
    rows = "an unknown number of rows" if size.rows is None else f"about {size.rows:,.0f} rows"
    if not size.analysed and size.rows is not None:
        rows += ", by the length of its files, since it was never analysed"
    amount = float(size.bytes)
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if amount < 1024 or unit == "TB":
            break
        amount /= 1024
    return f"{table} has {rows} ({amount:,.0f} {unit})"
