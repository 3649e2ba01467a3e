"""Which number each column of a row counts by, so that keys differ between rows."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from modeler.errors import FormatError
from modeler.previews.rows.atoms import Ordering
from modeler.previews.rows.facts import EmptyTable, Key, Reference, RowColumn
from modeler.previews.rows.generators import values_of
from modeler.previews.rows.restriction import Restriction
from modeler.previews.rows.scenarios import Scenario
from modeler.previews.rows.values import Values
from modeler.previews.rows.wish import Target, Wish

# The number of the row.
N = "g.n"
# Leaves room for what begins at one value and ends before the next.
FAR_APART = f"({N} * 16)"


class Counters:
    """The units that fill the columns of one table in one scenario, and how they count.

    A unit is a reference, or a column with values of its own. A unit that keeps a key apart counts
    by the number of the row; several that only do so together count as digits of it.

    Args:
        targets: the tables that are referred to, by number; the table itself is left out.
    """

    def __init__(
        self, table: EmptyTable, scenario: Scenario, targets: Mapping[int, Target], wish: Wish
    ) -> None:
        self.table, self.scenario, self.targets, self.wish = table, scenario, targets, wish
        self.random = Random(f"{wish.seed} {table.name}")
        self.restrictions = dict(scenario.restrictions)
        self.orderings = list(scenario.orderings)
        self.joins: list[str] = []
        self.base: dict[str, str] = {}
        self.derived: dict[str, str] = {}
        self.counters: dict[str, str] = {}
        self.units: dict[str, tuple[str, int | None]] = {}
        self.picks: list[tuple[Reference, Target, str]] = []
        self.conflicts = False
        self.available: set[str] = set()
        self.overriding = False
        self.alone: set[str] = set()

    # Which columns are given values, and how many they can have

    def _takes_values(self, column: RowColumn) -> bool:
        if column.generated or column.sequence:
            return False
        if self.wish.defaults and column.default:
            return (
                column.name in self.restrictions
                and self.restrictions[column.name].null is not None
            )
        return True

    def _restriction(self, name: str) -> Restriction:
        return self.restrictions.get(name, Restriction())

    def _units(self) -> None:
        """Group the columns by what fills them: a reference, or values of their own."""
        taken: set[str] = set()
        references = sorted(self.table.references, key=lambda r: (-len(r.columns), r.name))
        for reference in references:
            if set(reference.columns) <= taken:
                continue
            if any(self._restriction(name).null for name in reference.columns):
                self._nulled(reference, taken)
                continue
            nullable = [n for n in reference.columns if not self._needed(n)]
            own = reference.target == self.table.oid
            if reference.name in self.wish.later or own:
                if not nullable and own:
                    self._to_itself(reference, taken)
                    continue
                if not nullable:
                    raise FormatError(
                        f"{reference.name} refers to a table that needs this one first"
                    )
                self._nulled(reference, taken)
                continue
            target = self.targets.get(reference.target)
            if target is None or target.rows == 0:
                if nullable:
                    self._nulled(reference, taken)
                    continue
                raise FormatError(
                    f"{reference.name} refers to {reference.target_name}, which has no rows"
                )
            unit = f"reference {reference.name}"
            self.picks.append((reference, target, unit))
            self.units[unit] = (unit, target.rows)
            for name in reference.columns:
                if name not in taken:
                    self.units[name] = (unit, target.rows)
                    taken.add(name)

    def _nulled(self, reference: Reference, taken: set[str]) -> None:
        for name in reference.columns:
            if name not in taken and not self._needed(name):
                column = self.table.by_name[name]
                self.base[name] = f"NULL::{column.full_type}"
                taken.add(name)

    def _to_itself(self, reference: Reference, taken: set[str]) -> None:
        """A row that must refer to its own table refers to itself: there is no other yet."""
        for name, target in zip(reference.columns, reference.target_columns, strict=True):
            key = self.table.by_name[target]
            if key.sequence and target not in self.base:
                self.base[target] = (
                    f"nextval(pg_get_serial_sequence('{self.table.sql}', '{target}'))"
                    if not key.default
                    else key.default
                )
                self.overriding = self.overriding or key.always
            self.derived[name] = key.quoted
            taken.add(name)

    def _needed(self, name: str) -> bool:
        column = self.table.by_name[name]
        return column.not_null or self._restriction(name).null is False

    def _values(self, column: RowColumn, distinct: int) -> Values:
        restriction = self._restriction(column.name)
        try:
            return values_of(
                column.type, column.full_type, column.modifier, restriction,
                distinct=distinct, seed=self.wish.seed, plain=self.wish.plain,
            )  # fmt: skip
        except FormatError as error:
            raise FormatError(f"{column.name}: {error}") from error

    def _keep_apart(self, key: Key) -> None:
        """Choose counters under which no two rows have the same key."""
        names = tuple(dict.fromkeys((*(key.disjoint or key.columns), *key.inner)))
        columns = [self.table.by_name[name] for name in names]
        if any(
            column.sequence or column.generated for column in columns if column.name in key.columns
        ):
            self.conflicts = self.conflicts or any(c.generated for c in columns)
            return
        if (
            any(self.base.get(name, "").startswith("NULL::") for name in key.columns)
            and key.nulls_distinct
        ):
            return
        units = list(dict.fromkeys(self.units.get(name, (name, None))[0] for name in names))
        if any(self.counters.get(unit) in {N, FAR_APART} for unit in units):
            return
        if len(key.disjoint) > 1:
            self._lie_apart(key)
            return
        counts = {unit: self._count(unit) for unit in units}
        wide = [
            unit for unit in units if unit not in self.counters and self._is_wide(counts[unit])
        ]
        own = [unit for unit in wide if unit in self.table.by_name]
        if own:
            self.counters[own[-1]] = N
            return
        if key.condition is not None or key.exclusion:
            # Holds for some rows alone; those that clash are passed over.
            self.conflicts = True
            return
        if len(units) == 1 and units[0] not in self.counters:
            self.counters[units[0]] = N
            self.alone.add(units[0])
            return
        place = 1
        for unit in sorted(units, key=lambda unit: counts[unit] or 0, reverse=True):
            if unit in self.counters:
                self.conflicts = True
                continue
            # Each round over the first unit starts one further, so that pairs differ in both.
            self.counters[unit] = N if place == 1 else f"({N} / {place})"
            place *= max(counts[unit] or 1, 1)

    def _is_wide(self, count: int | None) -> bool:
        """Tell whether so many values suffice for all rows to differ."""
        return count is None or count >= self.wish.rows

    def _lie_apart(self, key: Key) -> None:
        """Intervals that two columns make: each begins well after the one before has ended."""
        orderings = [o for o in self.orderings if {o.before, o.after} <= set(key.disjoint)]
        if orderings:
            begin = orderings[0].before
        else:
            begin, end = key.disjoint[0], key.disjoint[1]
            self.orderings.append(Ordering(begin, end, strict=True))
        self.counters[begin] = FAR_APART

    def _count(self, unit: str) -> int | None:
        if unit in self.units:
            return self.units[unit][1]
        column = self.table.by_name[unit]
        if not self._takes_values(column):
            return 1
        return self._values(column, self.wish.rows).count
