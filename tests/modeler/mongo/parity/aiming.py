"""Changes aimed at one rule each: a few that break it, and a few that only just do not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from modeler.mongo.documents.sql import base_type, quoted
from modeler.mongo.types import PRECISION
from tests.modeler.mongo.parity.candidates import LIMITS, Value, candidates
from tests.modeler.mongo.parity.constraints import (
    CatalogColumn,
    Check,
    Constraints,
    UniqueKey,
)
from tests.modeler.mongo.parity.edges import Changes, Condition, spread
from tests.modeler.mongo.parity.places import MutatedRow, RowPlace

# So many mutants for every rule: those that break it, and those on its edge that do not.
BREAKING, KEEPING = 6, 3
# What no collection carries shows its note, and is not piled up.
TOLD = 2
# So many rows are asked for values before a rule is given up.
ROWS_ASKED = 24


@dataclass(frozen=True, slots=True)
class Aimed:
    """A change made for a rule; ``breaks`` says what it is to come to for this rule alone."""

    rule: str
    row: MutatedRow
    changes: Changes
    breaks: bool


class Aim:
    """Makes changes for every rule of the rows at one place.

    Args:
        cursor: of an open transaction.
        place: of the rows.
        rows: some of them.
        rules: of their table.
        carried: names of the rules that the collection carries for these rows.
        chance: for what is drawn.
    """

    def __init__(
        self, cursor: Any, place: RowPlace, rows: list[MutatedRow], rules: Constraints,
        carried: Collection[str], chance: Random,
    ) -> None:  # fmt: skip
        self.cursor, self.place, self.rows = cursor, place, rows
        self.rules, self.carried, self.chance = rules, carried, chance

    def all(self) -> Iterator[Aimed]:
        """Yield changes for one rule after the other."""
        for name in self.place.columns:
            column = self.rules.columns[name]
            if column.not_null:
                for row in self._some(BREAKING):
                    yield Aimed(f"{name} not null", row, {name: None}, breaks=True)
            yield from self._bounds(column)
        for check in self.rules.checks:
            yield from self._check(check)
        for key in self.rules.uniques:
            yield from self._unique(key)

    def _some(self, count: int) -> list[MutatedRow]:
        return self.chance.sample(self.rows, min(count, len(self.rows)))

    def _bounds(self, column: CatalogColumn) -> Iterator[Aimed]:
        if column.refers:
            return  # keys that lead nowhere are left out
        inside, outside = bounds(column.base)
        for values, breaks in ((inside, False), (outside, True)):
            chosen = self.chance.sample(values, min(len(values), BREAKING if breaks else KEEPING))
            for value, row in zip(chosen, self._cycled(len(chosen)), strict=True):
                yield Aimed(f"{column.name} type", row, {column.name: value}, breaks=breaks)

    def _cycled(self, count: int) -> list[MutatedRow]:
        return [self.chance.choice(self.rows) for _ in range(count)]

    def _check(self, check: Check) -> Iterator[Aimed]:
        named = [self.rules.columns[name] for name in check.columns]
        if not any(one.name in self.place.columns for one in named):
            return
        condition = Condition(self.cursor, check.sql, named)
        most = BREAKING if check.name in self.carried else TOLD
        wanted = {True: most, False: KEEPING}
        for row in self._some(ROWS_ASKED):
            values = {
                one.name: self._values(row, one, check.sql)
                for one in named
                if one.name in self.place.columns
            }
            broken = condition.found(row.values, values, self.chance, wanted=False)
            yield from self._taken(check.name, row, broken, wanted, breaks=True, most=2)
            for changes in spread(self.chance, [one for one in broken if len(one) == 1], 2):
                ((name, value),) = changes.items()
                near = condition.edge(row.values, self.rules.columns[name], value)
                for edge, answer in condition.answers(row.values, near):
                    breaks = answer is False
                    yield from self._taken(check.name, row, [edge], wanted, breaks=breaks, most=1)
            kept = condition.found(row.values, values, self.chance, wanted=True)
            yield from self._taken(check.name, row, kept, wanted, breaks=False, most=1)
            if not any(wanted.values()):
                return

    def _taken(
        self, rule: str, row: MutatedRow, found: Sequence[Changes], wanted: dict[bool, int], *,
        breaks: bool, most: int,
    ) -> Iterator[Aimed]:  # fmt: skip
        chosen = list(spread(self.chance, found, min(most, wanted[breaks])))
        wanted[breaks] -= len(chosen)
        for changes in chosen:
            yield Aimed(rule, row, changes, breaks=breaks)

    def _values(self, row: MutatedRow, column: CatalogColumn, sql: str) -> Sequence[Value]:
        others = [other.values[column.name] for other in self._some(4)]
        if column.refers:
            return tuple(dict.fromkeys(others))
        others += [
            value
            for name, value in row.values.items()
            if name != column.name and self.rules.columns[name].base == column.base
        ]
        known = self.place.table.column(column.name)
        tried = candidates(
            self.place.table, known, row.values[column.name], others, self.chance, column.base, sql
        )
        return tuple(value for value in tried if value is None or len(value) < 1_000)

    def _unique(self, key: UniqueKey) -> Iterator[Aimed]:
        changed = [name for name in key.columns if name in self.place.columns]
        if not changed:
            return
        wanted = BREAKING if self._holds(key) else TOLD
        # First of rows of the same document, then of any: different rules of a collection.
        for beside, left in ((True, wanted // 2), (False, 0)):
            if beside and not self.place.joins:
                continue
            for row in self._some(len(self.rows)):
                if wanted <= left:
                    break
                about = (self.cursor, self.place, self.rules, key, row.values)
                for values in equal_keys(*about, beside=beside)[:1]:
                    changes = {name: values[name] for name in changed}
                    yield Aimed(key.name, row, changes, breaks=True)
                    wanted -= 1
                    if key.computed:
                        # What lower() takes for the same, and a key of the column itself not.
                        other = {name: in_other_case(values[name]) for name in changed}
                        yield Aimed(key.name, row, other, breaks=True)
                    if len(changed) > 1 and wanted % 2:
                        # All but one of the columns: what a shorter key would refuse.
                        one = self.chance.choice(changed)
                        fewer = {name: value for name, value in changes.items() if name != one}
                        yield Aimed(key.name, row, fewer, breaks=False)

    def _holds(self, key: UniqueKey) -> bool:
        """Tell whether a key is carried; a nameless one of a model is called after its columns."""
        nameless = (
            set(name.removeprefix("unique on ").split(", "))
            for name in self.carried
            if name.startswith("unique on ")
        )
        return key.name in self.carried or set(key.columns) in nameless


def equal_keys(
    cursor: Any, place: RowPlace, rules: Constraints, key: UniqueKey, row: Mapping[str, Value],
    *, beside: bool = False,
) -> list[dict[str, Value]]:  # fmt: skip
    """Return keys of other rows that a row could take without leaving its document.

    Args:
        cursor: of an open transaction.
        place, rules, key, row: what it is about.
        beside: of rows of the same document alone.
    """
    fixed = {name for name in key.columns if name not in place.columns}
    if beside and place.joins:
        fixed |= {near for _, near in place.joins[0][1]}
    tests = [f"({key.condition.replace('%', '%%')})"] if key.condition else []
    if not key.nulls_equal:
        tests += [f"{quoted(name)} IS NOT NULL" for name in key.columns if not key.condition]
    same = place.table.primary_key
    tests.append(
        "NOT (" + " AND ".join(f"{quoted(name)}::text = %s" for name in same) + ")"
        if same
        else "true"
    )
    parameters = [row[name] for name in same]
    for name in sorted(fixed):
        tests.append(f"{quoted(name)}::text IS NOT DISTINCT FROM %s")
        parameters.append(row[name])
    shown = ", ".join(f"{quoted(name)}::text" for name in key.columns)
    cursor.execute(
        f"SELECT {shown} FROM {rules.place} WHERE {' AND '.join(tests)} ORDER BY random() LIMIT 2",
        parameters,
    )
    return [dict(zip(key.columns, found, strict=True)) for found in cursor.fetchall()]


def in_other_case(value: Value) -> Value:
    """Return a text with other letters of the same kind: of ASCII, as every collation has them."""
    if value is None:
        return None
    return "".join(one.swapcase() if one.isascii() else one for one in value)


def bounded(place: RowPlace, rules: Constraints) -> Iterator[str]:
    """Yield the columns of whose values the type itself refuses some."""
    for name in place.columns:
        if not rules.columns[name].refers and bounds(rules.columns[name].base)[1]:
            yield name


def bounds(base: str) -> tuple[list[str], list[str]]:
    """Return values of a type on the inner side of its bounds, and beyond them."""
    name, match = base_type(base), PRECISION.search(base)
    if name in LIMITS:
        low, high = LIMITS[name]
        return [str(low), str(high)], [str(low - 1), str(high + 1), str(high * 3)]
    if name in ("character varying", "character") and match:
        size = int(match[1])
        letters = ("x", "ä", "🙂", "7")
        return [c * size for c in letters], [c * (size + n) for c in letters for n in (1, 2)]
    if name == "numeric" and match:
        digits, places = int(match[1]), int(match[2] or 0)
        largest = "9" * (digits - places) + ("." + "9" * places if places else "")
        if digits < places:
            return [], ["1"]
        beyond = "1" + "0" * (digits - places)
        return [largest, f"-{largest}"], [beyond, f"-{beyond}", f"{beyond}7", "1e200"]
    return [], []
