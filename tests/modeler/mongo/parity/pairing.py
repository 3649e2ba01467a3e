"""Rows that are missing for a rule to be broken: a second one beside another.

A unique key is broken by taking another row's values. Where no other row of the same document has
a whole key, one is made: a copy of a row with other keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import DatabaseError

from modeler.mongo.documents.sql import base_type, quoted
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.types import PRECISION
from modeler.schema.schema import Schema
from tests.modeler.mongo.parity.aiming import equal_keys
from tests.modeler.mongo.parity.candidates import LIMITS, Value, candidates
from tests.modeler.mongo.parity.constraints import (
    CatalogColumn,
    Constraints,
    UniqueKey,
    read_constraints,
)
from tests.modeler.mongo.parity.edges import Condition
from tests.modeler.mongo.parity.places import MutatedRow, RowPlace, row_places

ROWS, MADE, TRIES = 40, 4, 12
FORMLESS = re.compile(r"infinity|^\d{5,}-", re.IGNORECASE)
TARGETS = """
SELECT k.confrelid::regclass::text,
       ARRAY(SELECT attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, o)
             JOIN pg_attribute ON attrelid = k.conrelid AND attnum = n ORDER BY o),
       ARRAY(SELECT attname::text FROM unnest(k.confkey) WITH ORDINALITY u(n, o)
             JOIN pg_attribute ON attrelid = k.confrelid AND attnum = n ORDER BY o)
FROM pg_constraint k WHERE k.conrelid = %s::regclass AND k.contype = 'f' ORDER BY k.conname
"""


def make_pairs(cursor: Any, schema: Schema, specs: tuple[CollectionSpec, ...]) -> Iterator[str]:
    """Insert what is missing, and yield the unique keys for which no row could be made.

    Args:
        cursor: in autocommit; triggers are disabled.
        schema, specs: of the collections.
    """
    chance = Random(1)
    places = [place for spec in specs for place in row_places(schema, spec)]
    _make_targets(cursor, schema, places, chance)
    for spec in specs:
        for place in row_places(schema, spec):
            rules = read_constraints(cursor, place.table)
            rows = place.rows(cursor, ROWS)
            for key in rules.uniques:
                changed = [name for name in key.columns if name in place.columns]
                if not changed or not rows:
                    continue
                if _any_equal(cursor, place, rules, key, rows, beside=True):
                    continue
                maker = _Maker(cursor, place, rules, chance)
                made = sum(maker.make(row, key) for row in rows[:MADE])
                made = made or any(maker.make(row, key) for row in rows[MADE : 3 * MADE])
                # Of a document with one such row, the other is another document's.
                if not made and not _any_equal(cursor, place, rules, key, rows):
                    yield f"{spec.name}: {place.path}|{key.name}"


def _make_targets(cursor: Any, schema: Schema, places: list[RowPlace], chance: Random) -> None:
    """Give a second row to tables with one that others refer to: no reference could change."""
    wanted = {
        relation.target_location: place.spec
        for place in places
        for relation in place.table.relations
        if relation.enforced and relation.target_location is not None
    }
    for location, spec in wanted.items():
        tables = [table for table in schema.at(location) if table.columns and table.primary_key]
        for table in tables[:1]:
            place = RowPlace(spec, table, "", (), ())
            rules = read_constraints(cursor, table)
            plain = [key for key in rules.uniques if not key.condition]
            if plain and len(rows := place.rows(cursor, 4)) == 1:
                _Maker(cursor, place, rules, chance).make(rows[0], plain[0])


def _any_equal(
    cursor: Any, place: RowPlace, rules: Constraints, key: UniqueKey, rows: list[MutatedRow], *,
    beside: bool = False,
) -> bool:  # fmt: skip
    return any(equal_keys(cursor, place, rules, key, row.values, beside=beside) for row in rows)


class _Maker:
    def __init__(self, cursor: Any, place: RowPlace, rules: Constraints, chance: Random) -> None:
        self.cursor, self.place, self.rules, self.chance = cursor, place, rules, chance
        cursor.execute(TARGETS, [rules.place.replace("%%", "%")])
        self.targets = cursor.fetchall()
        self.fixed = {name for name, _ in _own(place)}

    def make(self, row: MutatedRow, key: UniqueKey) -> bool:
        """Insert a copy of a row with other keys in the same document; tell whether it went."""
        keys = {name for unique in self.rules.uniques for name in unique.columns}
        for _ in range(TRIES):
            values = {
                column.name: row.values[column.name]
                for column in self.place.table.columns
                if column.generated is None
            }
            for name in sorted(keys - self.fixed):
                if name in values and not self._led(name):
                    values[name] = self._fresh(self.rules.columns[name], values[name])
            for target in self.targets:
                self._refer(values, keys, *target)
            if key.condition and not self._fulfil(values, key):
                return False
            if self._insert(values):
                return True
        return False

    def _led(self, name: str) -> bool:
        return any(name in columns for _, columns, _ in self.targets)

    def _refer(
        self, values: dict[str, Value], keys: set[str], target: str, columns: list[str],
        theirs: list[str],
    ) -> None:  # fmt: skip
        """Let a reference that is part of a key lead to another row."""
        if not set(columns) & keys or set(columns) & self.fixed:
            return
        shown = ", ".join(f"{quoted(name)}::text" for name in theirs)
        name = target.replace("%", "%%")
        self.cursor.execute(f"SELECT {shown} FROM {name} ORDER BY random() LIMIT 1", [])
        found = self.cursor.fetchone()
        if found:
            values.update(zip(columns, found, strict=True))

    def _fresh(self, column: CatalogColumn, current: Value) -> Value:
        """Return a value that is likely to be new."""
        name, match = base_type(column.base), PRECISION.search(column.base)
        number = self.chance.randrange(1, 30_000)
        if name in LIMITS:
            self.cursor.execute(
                f"SELECT coalesce(max({quoted(column.name)}), 0)::bigint FROM {self.rules.place}"
            )
            (largest,) = self.cursor.fetchone()
            return str(largest + 1) if largest < LIMITS[name][1] else str(number)
        if name in ("character varying", "character", "text", "citext"):
            text = f"{self.chance.getrandbits(160):040x}"
            return text[: int(match[1])] if match else text
        if name == "uuid":
            return f"{self.chance.getrandbits(128):032x}"
        if name == "date" or name.startswith("timestamp"):
            return (date(2001, 1, 1) + timedelta(days=number)).isoformat()
        if name == "numeric":
            return str(
                number % 10 ** min(4, int(match[1]) - int(match[2] or 0)) if match else number
            )
        known = self.place.table.column(column.name)
        tried = _with_form(
            candidates(self.place.table, known, current, [], self.chance, column.base)
        )
        return self.chance.choice([value for value in tried if value is not None] or [current])

    def _fulfil(self, values: dict[str, Value], key: UniqueKey) -> bool:
        """Change values so that the condition of a partial key holds."""
        columns = [self.rules.columns[name] for name in key.columns]
        condition = Condition(self.cursor, key.condition, columns)
        if any(answer for _, answer in condition.answers(values, [{}])):
            return True
        tried = {
            one.name: _with_form(candidates(
                self.place.table, self.place.table.column(one.name), values[one.name], [],
                self.chance, one.base, key.condition,
            ))
            for one in columns
            if one.name not in self.fixed and not one.refers
        }  # fmt: skip
        found = condition.found(values, tried, self.chance, wanted=True) if tried else []
        if found:
            values.update(self.chance.choice(found))
        return bool(found)

    def _insert(self, values: Mapping[str, Value]) -> bool:
        names = ", ".join(quoted(name) for name in values)
        marks = ", ".join("%s" for _ in values)
        self.cursor.execute("SAVEPOINT pair")
        try:
            self.cursor.execute(
                f"INSERT INTO {self.rules.place} ({names}) OVERRIDING SYSTEM VALUE "
                f"VALUES ({marks})",
                list(values.values()),
            )
        except DatabaseError:
            self.cursor.execute("ROLLBACK TO SAVEPOINT pair")
            return False
        finally:
            self.cursor.execute("RELEASE SAVEPOINT pair")
        return True


def _with_form(values: Iterable[Value]) -> list[Value]:
    """Leave out moments that BSON has no form of: no change of such a row could be tried."""
    return [one for one in values if one is None or not FORMLESS.search(one)]


def _own(place: RowPlace) -> tuple[tuple[str, str], ...]:
    """Return what says in which document a row lies."""
    if not place.joins:
        return ()
    return tuple((near, far) for far, near in place.joins[0][1])
