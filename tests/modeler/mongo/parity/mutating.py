"""Draws changes of rows: every worthwhile value once, then pairs of columns at random."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from modeler.schema.constraint import ConstraintKind
from modeler.schema.expression import columns_of
from modeler.schema.table import Table
from tests.modeler.mongo.parity.candidates import Value, candidates
from tests.modeler.mongo.parity.places import MutatedRow, RowPlace

Changes = dict[str, Value]


def sweep(place: RowPlace, rows: list[MutatedRow], chance: Random) -> Iterator[
    tuple[MutatedRow, Changes]
]:  # fmt: skip
    """Yield one column at a time, every value of it; then whole keys of other rows."""
    for number, column in enumerate(place.columns):
        for row in (rows[number % len(rows)], rows[(number * 7 + 3) % len(rows)]):
            for value in _values(place, row, rows, column, chance):
                yield row, {column: value}
    for columns in unique_keys(place.table):
        changed = [column for column in columns if column in place.columns]
        if set(changed) <= set(place.table.primary_key):
            continue
        for row in rows[:8]:
            for other in (*siblings(place, row, rows), *chance.sample(rows, min(3, len(rows)))):
                if changed and other is not row:
                    yield row, {column: other.values[column] for column in changed}


def pairs(
    place: RowPlace, rows: list[MutatedRow], chance: Random, count: int,
    refused: Mapping[str, Sequence[Value]],
) -> Iterator[tuple[MutatedRow, Changes]]:  # fmt: skip
    """Yield changes of two columns, drawn; every second has a value that was refused alone."""
    columns = [name for name in place.columns if name not in place.table.primary_key]
    if len(columns) < 2:
        return
    for _ in range(count):
        row = chance.choice(rows)
        changes = {}
        for column in chance.sample(columns, 2):
            changes[column] = chance.choice(_values(place, row, rows, column, chance))
        wrong = [column for column in columns if refused.get(column)]
        if wrong and chance.random() < 0.5:
            column = chance.choice(wrong)
            changes = {**dict(list(changes.items())[:1]), column: chance.choice(refused[column])}
        yield row, changes


def _values(
    place: RowPlace, row: MutatedRow, rows: list[MutatedRow], column: str, chance: Random
) -> tuple[Value, ...]:
    others = [other.values[column] for other in chance.sample(rows, min(3, len(rows)))]
    others += [other.values[column] for other in siblings(place, row, rows)]
    # Of the same row: what a comparison of two columns calls equal.
    mine = [
        row.values[other.name]
        for other in place.table.columns
        if other.name != column and other.database_type == place.table.column(column).database_type
    ]
    found = place.table.column(column)
    leads = any(column in r.columns for r in place.table.relations if r.columns)
    if leads or column in place.table.primary_key:
        # Keys that lead nowhere are left out: MongoDB has no references.
        return tuple(dict.fromkeys([None, *others]))
    return candidates(place.table, found, row.values[column], [*others, *mine], chance)


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


def unique_keys(table: Table) -> list[tuple[str, ...]]:
    """Return the columns of every unique rule, with those of its condition."""
    found = []
    for constraint in table.constraints:
        if constraint.kind is ConstraintKind.UNIQUE:
            parts = [
                name for part in constraint.parts
                for name in (columns_of(part.expression) if part.expression else [part.column])
            ]  # fmt: skip
            more = columns_of(constraint.condition) if constraint.condition else ()
            found.append(tuple(dict.fromkeys([*constraint.columns, *parts, *more])))
    for index in table.indexes:
        if index.unique:
            parts = [
                name for part in index.parts
                for name in (columns_of(part.expression) if part.expression else [part.column])
            ]  # fmt: skip
            more = columns_of(index.condition) if index.condition else ()
            found.append(tuple(dict.fromkeys([*parts, *more])))
    return [key for key in dict.fromkeys(found) if key != tuple(table.primary_key)]
