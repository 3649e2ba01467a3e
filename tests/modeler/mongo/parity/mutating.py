"""Draws changes of rows: values of one column, and pairs of columns, half of them a rule's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from tests.modeler.mongo.parity.candidates import Value, candidates
from tests.modeler.mongo.parity.constraints import Constraints
from tests.modeler.mongo.parity.edges import Changes
from tests.modeler.mongo.parity.places import MutatedRow, RowPlace

# Of a column's values so many are drawn; and so many pairs for every column.
VALUES, PAIRS = 24, 12
# The share of pairs in which one column breaks a rule, so that rules meet each other.
BROKEN = 0.6


def sweep(
    place: RowPlace, rows: list[MutatedRow], rules: Constraints, chance: Random
) -> Iterator[tuple[MutatedRow, Changes]]:
    """Yield one column at a time, with values drawn from all that are worth a try."""
    for name in place.columns:
        first, second = chance.choice(rows), chance.choice(rows)
        tried = dict.fromkeys(
            (number, value)
            for number, row in enumerate((first, second))
            for value in _values(place, row, rows, rules, name, chance)
        )
        for number, value in chance.sample(list(tried), min(VALUES, len(tried))):
            yield (first, second)[number], {name: value}


def pairs(
    place: RowPlace, rows: list[MutatedRow], rules: Constraints, chance: Random,
    refused: Mapping[str, Sequence[tuple[MutatedRow, Changes]]],
) -> Iterator[tuple[MutatedRow, Changes]]:  # fmt: skip
    """Yield changes of two columns.

    Args:
        place, rows, rules: that they are of.
        chance: for what is drawn.
        refused: changes that were refused before, by rule; each rule is drawn as often.
    """
    for _ in range(PAIRS * len(place.columns)):
        row: MutatedRow = chance.choice(rows)
        changes: Changes = {}
        if refused and chance.random() < BROKEN:
            row, changes = chance.choice(refused[chance.choice(sorted(refused))])
        others = [name for name in place.columns if name not in changes]
        for name in chance.sample(others, min(len(others), 1 if changes else 2)):
            values = _values(place, row, rows, rules, name, chance)
            changes = {**changes, name: chance.choice(values)}
        yield row, changes


def _values(
    place: RowPlace, row: MutatedRow, rows: list[MutatedRow], rules: Constraints, name: str,
    chance: Random,
) -> tuple[Value, ...]:  # fmt: skip
    column, known = rules.columns[name], place.table.column(name)
    others = [other.values[name] for other in chance.sample(rows, min(3, len(rows)))]
    others += [other.values[name] for other in siblings(place, row, rows)]
    if column.refers or name in place.table.primary_key:
        # Keys that lead nowhere are left out: MongoDB has no references.
        return tuple(dict.fromkeys([None, *others]))
    # Of the same row: what a comparison of two columns calls equal.
    mine = [
        row.values[other.name]
        for other in place.table.columns
        if other.name != name and other.database_type == known.database_type
    ]
    return candidates(place.table, known, row.values[name], [*others, *mine], chance, column.base)


def siblings(place: RowPlace, row: MutatedRow, rows: list[MutatedRow]) -> list[MutatedRow]:
    """Return some rows of the same array."""
    own = [near for _, near in place.joins[0][1]] if place.joins else []
    if not own:
        return []
    return [
        other
        for other in rows
        if other is not row and all(other.values[name] == row.values[name] for name in own)
    ][:2]
