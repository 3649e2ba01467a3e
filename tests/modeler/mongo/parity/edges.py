"""Values for which a condition of PostgreSQL is false, true, or only just one of the two.

PostgreSQL evaluates the condition itself, many trials a query; nothing here reads its text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from django.db import DatabaseError

from modeler.mongo.documents.sql import quoted
from tests.modeler.mongo.parity.candidates import WHOLE, Value
from tests.modeler.mongo.parity.constraints import CatalogColumn

Changes = dict[str, Value]
Answer = bool | None
DRAWN, POINTS = 400, 15
EPOCH = datetime(1970, 1, 1)  # that of columns without a zone, too


class Condition:
    """A condition on the columns of one row.

    Args:
        cursor: of an open transaction.
        sql: a boolean expression over columns.
        columns: by name, those that it may name.
    """

    def __init__(self, cursor: Any, sql: str, columns: Sequence[CatalogColumn]) -> None:
        self.cursor, self.columns = cursor, tuple(columns)
        names = [f"v{number}" for number in range(len(self.columns))]
        cursor.execute("SELECT current_setting('server_version_num')::int >= 160000")
        (can_tell,) = cursor.fetchone()
        # Before PostgreSQL 16, values that do not fit are found by halving, like 1 / 0.
        fits = " AND ".join(
            f"(u.{name} IS NULL OR pg_input_is_valid(u.{name}, {_text(column.base)}))"
            if can_tell
            else "true"
            for name, column in zip(names, self.columns, strict=True)
        )
        shown = ", ".join(
            f"s.{name}::{column.base.replace('%', '%%')} AS {quoted(column.name)}"
            for name, column in zip(names, self.columns, strict=True)
        )
        arrays = ", ".join(["%s::int[]", *("%s::text[]" for _ in names)])
        self.sql = (
            f"WITH s AS MATERIALIZED (SELECT * FROM unnest({arrays}) u(n, {', '.join(names)}) "
            f"WHERE {fits}), t AS MATERIALIZED (SELECT n, {shown} FROM s) "
            f"SELECT n, ({sql.replace('%', '%%')}) FROM t"
        )

    def answers(self, row: Mapping[str, Value], trials: Sequence[Changes]) -> list[
        tuple[Changes, Answer]
    ]:  # fmt: skip
        """Return the trials whose values fit their types, each with what the condition says."""
        if not trials:
            return []
        lists = [[{**row, **trial}[one.name] for trial in trials] for one in self.columns]
        self.cursor.execute("SAVEPOINT condition")
        try:
            self.cursor.execute(self.sql, [list(range(len(trials))), *lists])
            return [(trials[number], answer) for number, answer in self.cursor.fetchall()]
        except DatabaseError:
            # One trial may be none that the condition can be evaluated for, such as 1 / 0.
            self.cursor.execute("ROLLBACK TO SAVEPOINT condition")
            if len(trials) == 1:
                return []
            half = len(trials) // 2
            return [*self.answers(row, trials[:half]), *self.answers(row, trials[half:])]
        finally:
            self.cursor.execute("RELEASE SAVEPOINT condition")

    def found(
        self, row: Mapping[str, Value], values: Mapping[str, Sequence[Value]], chance: Random, *,
        wanted: Answer,
    ) -> list[Changes]:  # fmt: skip
        """Return changes of a row that make the condition so: of one column, or else of more.

        Args:
            row: all values, by column.
            values: what may be tried, by the columns that may change.
            chance: for what is drawn.
            wanted: True, False or None.
        """
        alone = [{name: value} for name, tried in values.items() for value in tried]
        hits = [trial for trial, answer in self.answers(row, alone) if answer is wanted]
        for width in (2, 3):
            if hits or len(values) < width:
                break
            drawn = [
                {name: chance.choice(values[name]) for name in chance.sample(list(values), width)}
                for _ in range(DRAWN)
            ]
            hits = [trial for trial, answer in self.answers(row, drawn) if answer is wanted]
        return hits

    def edge(self, row: Mapping[str, Value], column: CatalogColumn, far: Value) -> list[Changes]:
        """Return the last value before a condition changes, and the first after it.

        Args:
            row: its own value is on one side.
            column: whose values have an order.
            far: a value on the other side.
        """
        scale = scale_of(column.base)
        ends = [scale.number(value) for value in (row[column.name], far)] if scale else []
        if scale is None or None in ends:
            return []
        low, high = (int(end) for end in ends if end is not None)
        near = self._at(row, column.name, scale, [low])
        if not near:
            return []
        side = near[0]
        while abs(high - low) > 1:
            width = max(1, abs(high - low) // (POINTS + 1)) * (1 if high > low else -1)
            points = list(range(low + width, high, width))
            answers = self._at(row, column.name, scale, points)
            if not answers:
                return []  # some point could not be asked
            for point, answer in zip(points, answers, strict=True):
                if answer is not side:
                    high = point
                    break
                low = point
        return [{column.name: scale.text(low)}, {column.name: scale.text(high)}]

    def _at(
        self, row: Mapping[str, Value], name: str, scale: Scale, points: Sequence[int]
    ) -> list[Answer]:
        trials: list[Changes] = [{name: scale.text(point)} for point in points]
        answers = self.answers(row, trials)
        return [answer for _, answer in answers] if len(answers) == len(trials) else []


class Scale:
    """Values of an ordered type as whole numbers of its smallest step."""

    def __init__(self, base: str) -> None:
        self.base = base
        digits = base.partition("(")[2].rstrip(")").split(",")
        self.places = int(digits[1]) if base.startswith("numeric(") and digits[1:] else 0

    def number(self, value: Value) -> int | None:
        """Return a value's number; None for what has none."""
        if value is None:
            return None
        try:
            if self.base == "date":
                return date.fromisoformat(value).toordinal()
            if self.base.startswith("timestamp"):
                moment = datetime.fromisoformat(value).replace(tzinfo=None)
                return (moment - EPOCH) // timedelta(microseconds=1)
            return int(Decimal(value).scaleb(self.places))
        except (ValueError, OverflowError, InvalidOperation):
            return None

    def text(self, number: int) -> str:
        """Return the value of a number."""
        if self.base == "date":
            return date.fromordinal(number).isoformat()
        if self.base.startswith("timestamp"):
            zone = "" if "without" in self.base else "+00"
            return (EPOCH + timedelta(microseconds=number)).isoformat(" ") + zone
        return format(Decimal(number).scaleb(-self.places), "f")


def scale_of(base: str) -> Scale | None:
    """Return the scale of a type; None where it has no order of steps."""
    known = base in WHOLE or base == "date" or base.startswith(("numeric", "timestamp"))
    return Scale(base) if known else None


def spread(chance: Random, found: Sequence[Changes], count: int) -> Iterator[Changes]:
    """Yield so many of the changes found, of every column that there are any of."""
    groups: dict[tuple[str, ...], list[Changes]] = {}
    for one in found:
        groups.setdefault(tuple(one), []).append(one)
    for group in groups.values():
        chance.shuffle(group)
    while count > 0 and groups:
        for names in list(groups):
            yield groups[names].pop()
            count -= 1
            if not groups[names]:
                del groups[names]
            if not count:
                return


def _text(text: str) -> str:
    doubled = text.replace("'", "''").replace("%", "%%")
    return f"'{doubled}'"
