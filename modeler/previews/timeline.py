"""The lock timeline of a migration: rows are relations, columns statements, bars lock modes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from modeler.postgres.locks import strongest
from modeler.previews.effects.effect import Lock, RelationKind, Work
from modeler.previews.holds import Hold, Part, measured_or_expected
from modeler.previews.statement import Statement
from modeler.previews.timeline_bars import Weight, bars_of, weight_of
from modeler.previews.timeline_columns import Column, columns_of
from modeler.previews.waiting import makes_wait


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring columns of one transaction or operation.

    Attributes:
        number: of the transaction, from 0 in order; position of the operation, or -1 for what
            Django kept for the end.
        span: how many columns.
        last: the last number where a folded run reaches across several, else the same.
    """

    number: int
    span: int
    last: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Cells of a row between which nothing changes.

    Attributes:
        span: how many columns.
        number: of the bar that it belongs to, -1 where nothing is held.
        begins: it is the bar's first.
        work: what grows with rows and goes on meanwhile, where the bar makes people wait.
    """

    span: int
    number: int = -1
    begins: bool = False
    work: tuple[Work, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A relation.

    Attributes:
        relation, kind: see ``Lock``.
        weight: see Weight.
        table: of an index, its table.
        stretches: cover all columns.
    """

    relation: str
    kind: RelationKind
    weight: Weight
    table: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture of a migration's locks.

    Attributes:
        columns: the statements in order.
        transactions, operations: neighbouring columns, each covering all of them.
        rows: tables that people wait for longest first; parts after their table.
        bars: one mode of one relation each, by number; a bar ends with its transaction, or where a
            stronger mode of the same relation begins.
    """

    columns: tuple[Column, ...]
    transactions: tuple[Group, ...]
    operations: tuple[Group, ...]
    rows: tuple[Row, ...]
    bars: tuple[Hold, ...]

    @property
    def folded(self) -> bool:
        """Some columns hold several statements."""
        return any(column.count > 1 for column in self.columns)

    def count(self, weight: Weight) -> int:
        return sum(row.weight is weight for row in self.rows)


def timeline_of(
    statements: Sequence[Statement],
    part: Part = measured_or_expected,
    *,
    new: frozenset[str] = frozenset(),
    fold: bool = True,
) -> Timeline:
    """Return the timeline of a migration's statements.

    Args:
        statements: in the order in which they run.
        part: what counts, see ``holds_of``.
        new: relations that nobody uses yet; they and their indexes are left out.
        fold: runs of like statements become one column.
    """
    known = _without(part, new)
    tables: dict[str, str] = {}
    bars = bars_of(statements, known, tables)
    columns = columns_of(statements, known, bars, fold=fold)
    return Timeline(
        columns,
        _groups(columns, _transaction_numbers(statements).__getitem__),
        _groups(columns, lambda at: -1 if statements[at].deferred else statements[at].operation),
        _rows(bars, tables, columns),
        bars,
    )


def _without(part: Part, new: frozenset[str]) -> Part:
    def known(statement: Statement) -> tuple[tuple[Lock, ...], tuple[Work, ...]]:
        locks, work = part(statement)
        return (
            tuple(lock for lock in locks if not {lock.relation, lock.table} & new),
            tuple(entry for entry in work if entry.relation not in new),
        )

    return known


def _transaction_numbers(statements: Iterable[Statement]) -> list[int]:
    numbers: dict[int, int] = {}
    return [numbers.setdefault(each.transaction, len(numbers)) for each in statements]


def _groups(columns: Iterable[Column], number_of: Callable[[int], int]) -> tuple[Group, ...]:
    def ends(column: Column) -> tuple[int, int]:
        return number_of(column.first), number_of(column.last)

    return tuple(
        Group(first, len(list(own)), last) for (first, last), own in groupby(columns, key=ends)
    )


def _rows(
    bars: tuple[Hold, ...], tables: dict[str, str], columns: tuple[Column, ...]
) -> tuple[Row, ...]:
    own: dict[str, list[int]] = {}
    for number, bar in enumerate(bars):
        own.setdefault(bar.relation, []).append(number)
    rows = []
    for relation, numbers in own.items():
        kind = bars[numbers[0]].kind
        weight = weight_of(kind, strongest(tuple(bars[number].mode for number in numbers)))
        rows.append(
            Row(relation, kind, weight, tables[relation], _stretches(numbers, bars, columns))
        )
    gravity = {name: _gravity(bars[at] for at in numbers) for name, numbers in own.items()}
    parts: dict[str, list[Row]] = {}
    for row in rows:
        if row.weight is Weight.PART:
            parts.setdefault(row.table if row.table in own else "", []).append(row)
    found: list[Row] = []
    for row in sorted(
        (row for row in rows if row.weight is not Weight.PART),
        key=lambda row: (row.weight is Weight.LIGHT, *gravity[row.relation], row.relation),
    ):
        found += [row, *sorted(parts.get(row.relation, ()), key=lambda part: part.relation)]
    return (*found, *sorted(parts.get("", ()), key=lambda part: part.relation))


def _gravity(bars: Iterable[Hold]) -> tuple[bool, int, int]:
    return min((not bar.blocks_long, -bar.mode.strength, bar.first) for bar in bars)


def _stretches(
    numbers: Iterable[int], bars: tuple[Hold, ...], columns: tuple[Column, ...]
) -> tuple[Stretch, ...]:
    firsts, lasts = [c.first for c in columns], [c.last for c in columns]
    found: list[Stretch] = []
    at = 0
    for number in numbers:
        bar = bars[number]
        # A bar that begins or ends inside of a folded run has the whole column, but for what
        # another bar of the row has already.
        start = max(at, bisect_right(firsts, bar.first) - 1)
        end = bisect_left(lasts, bar.last)
        if end < start:
            continue
        if start > at:
            found.append(Stretch(start - at))
        waited = makes_wait(bar.kind, bar.mode)
        begins = True
        for work, some in groupby(
            range(start, end + 1), key=lambda index: columns[index].work if waited else ()
        ):
            for span in [1] * len(list(some)) if work else [len(list(some))]:
                found.append(Stretch(span, number, begins, work))
                begins = False
        at = end + 1
    if at < len(columns):
        found.append(Stretch(len(columns) - at))
    return tuple(found)
