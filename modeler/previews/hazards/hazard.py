"""The base of every rule of migrations."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from modeler.previews.hazards.plan import Plan, Planned, Size
from modeler.reporting.context import Context, Need
from modeler.reporting.finding import Finding, Level
from modeler.reporting.rule import Rule

# A table below both is worked through in well under a tenth of a second, so that its lock hurts
# nobody; above, nothing is said about the level.
SMALL_ROWS = 10_000
SMALL_BYTES = 10 * 1024 * 1024


class Hazard(Rule):
    """A rule that looks at one migration at a time."""

    needs: ClassVar[frozenset[Need]] = frozenset({Need.PLAN})
    # The pack that a rule of taste belongs to; it is only checked where that was asked for.
    opt_in: ClassVar[str] = ""

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
    ) -> Finding:
        """Make a finding at an operation.

        Args:
            migration: where.
            position: of the operation, -1 for the migration as a whole.
            subject: what it is about, such as ``catalog_product.sku``.
            message: one line that names the object.
            plan, table: with both, a small table lowers the level, and its size is evidence.
            level, hint, evidence: see ``Rule.finding``.
        """
        level = level or self.level
        if plan is not None and table:
            size = plan.sizes.get(table) if plan.sizes is not None else None
            if size is not None:
                evidence = (*evidence, ("size", size_in_words(table, size)))
                if is_small(size):
                    level = Level.INFO
        sent = migration.of_operation(position) if position >= 0 else ()
        if sent and not any(name == "statement" for name, _ in evidence):
            evidence = (("statement", sent[0].statement.sql), *evidence)
        return self.finding(
            f"{migration.key}:{subject}",
            message,
            level=level,
            hint=hint,
            place=migration.place(position) if position >= 0 else None,
            evidence=evidence,
        )


def is_small(size: Size) -> bool:
    """Tell whether work on a table of that size hurts nobody."""
    return (size.rows is not None and size.rows < SMALL_ROWS) and size.bytes < SMALL_BYTES


def size_in_words(table: str, size: Size) -> str:
    """Return such as ``catalog_product has about 12 rows (80 kB)``."""
    rows = "an unknown number of rows" if size.rows is None else f"about {size.rows:,.0f} rows"
    amount = float(size.bytes)
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if amount < 1024 or unit == "TB":
            break
        amount /= 1024
    return f"{table} has {rows} ({amount:,.0f} {unit})"
