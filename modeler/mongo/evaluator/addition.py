"""``$add``, ``$subtract`` and ``$sum``: numbers and moments.

Source: MongoDB manual, "$add", "$subtract", "$sum", and trials on a server: ``$add`` sums from
left to right in the widest type so far, ``$sum`` with the error of doubles compensated.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from bson.datetime_ms import DatetimeMS

from modeler.mongo.evaluator.dates import millis
from modeler.mongo.evaluator.errors import ExpressionFailed
from modeler.mongo.evaluator.kinds import INT64, KINDS, NULLISH, NUMBERS, kind
from modeler.mongo.evaluator.numbers import (
    CONTEXT,
    WIDTH,
    decimal_of,
    integer,
    is_nan,
    numeric,
)


def add(*values: Any) -> Any:
    """``$add``."""
    total: Any = values[0] if values else 0
    if type(total) is Decimal:
        for value in values[1:]:
            if type(value) is not Decimal:
                break
            total = CONTEXT.add(total, value)
        else:
            return CONTEXT.plus(total)
    total = 0
    width, moment = 0, False
    for value in values:
        name = KINDS[type(value)]
        if name in NULLISH:
            return None
        if name == "date":
            if moment:
                raise ExpressionFailed("only one date allowed in an $add expression")
            total, moment = _millis_of(total) + millis(value), True
        elif name not in NUMBERS:
            raise ExpressionFailed(f"$add only supports numeric or date types, not {kind(value)}")
        elif moment:
            total += _millis_of(value)
        else:
            total, width = _added(total, width, value)
    if moment:
        return _moment(total, "$add")
    return integer(total, long=width == 1) if width < 2 else total


def _added(total: Any, width: int, value: Any) -> tuple[Any, int]:
    before, width = width, max(width, WIDTH[kind(value)])
    if width == 3:
        left = total if before == 3 else decimal_of(total)
        return CONTEXT.add(left, decimal_of(value)), 3
    if width == 2:
        return float(total) + float(value), 2
    total += value
    return (total, width) if -INT64 <= total < INT64 else (float(total), 2)


def _millis_of(value: Any) -> int:
    """Return a number as milliseconds, halves away from zero."""
    number = numeric(value)
    if is_nan(number) or number in (math.inf, -math.inf):
        raise ExpressionFailed("a date cannot be moved by that number")
    if isinstance(number, float):
        return math.floor(abs(number) + 0.5) * (1 if number >= 0 else -1)
    return int(number.to_integral_value()) if isinstance(number, Decimal) else int(number)


def _moment(value: int, operator: str) -> DatetimeMS:
    if not -INT64 <= value < INT64:
        raise ExpressionFailed(f"date overflow in {operator}")
    return DatetimeMS(value)


def subtract(left: Any, right: Any) -> Any:
    """``$subtract``."""
    if type(left) is Decimal and type(right) is Decimal:
        return CONTEXT.subtract(left, right)
    names = KINDS[type(left)], KINDS[type(right)]
    if names[0] in NUMBERS and names[1] in NUMBERS:
        width = max(WIDTH[kind(left)], WIDTH[kind(right)])
        if width == 3:
            return CONTEXT.subtract(decimal_of(left), decimal_of(right))
        if width == 2:
            return float(left) - float(right)
        result = left - right
        if not -INT64 <= result < INT64:
            return float(left) - float(right)
        return integer(result, long=width == 1)
    if names[0] in NULLISH or names[1] in NULLISH:
        return None
    if names == ("date", "date"):
        return integer(millis(left) - millis(right), long=True)
    if names[0] == "date" and names[1] in NUMBERS:
        return _moment(millis(left) - _millis_of(right), "$subtract")
    raise ExpressionFailed(f"can't $subtract {kind(right)} from {kind(left)}")


def total(*values: Any) -> Any:
    """``$sum``: what is no number is left out; of a single array, its elements are summed."""
    parts: Any = values
    if len(values) == 1 and KINDS[type(values[0])] == "array":
        (parts,) = values
    numbers = [part for part in parts if KINDS[type(part)] in NUMBERS]
    width = max((WIDTH[kind(number)] for number in numbers), default=0)
    plain = [number for number in map(numeric, numbers) if not isinstance(number, Decimal)]
    if width < 2:
        whole = sum(plain)
        return integer(whole, long=width == 1) if -INT64 <= whole < INT64 else float(whole)
    high, low = _compensated([part for number in plain for part in _doubles(number)])
    if width == 2:
        return high
    result = Decimal(0)
    for number in map(numeric, numbers):
        if isinstance(number, Decimal):
            result = CONTEXT.add(result, number)
    if all(isinstance(number, int) for number in plain):
        return CONTEXT.add(result, Decimal(sum(plain)))
    rest = CONTEXT.add(CONTEXT.create_decimal(high), CONTEXT.create_decimal(low))
    return CONTEXT.add(result, rest)


def _doubles(number: Any) -> tuple[float, ...]:
    """Return a number as doubles whose sum it is."""
    if isinstance(number, float) or abs(number) <= 2**53:
        return (float(number),)
    low = int(number) & 0xFFFFFFFF
    return float(int(number) - low), float(low)


def _two_sum(left: float, right: float) -> tuple[float, float]:
    """Return the sum and its error (Knuth)."""
    high = left + right
    back = high - left
    return high, (left - (high - back)) + (right - back)


def _compensated(numbers: list[float]) -> tuple[float, float]:
    high, low, special = 0.0, 0.0, 0.0
    for number in numbers:
        special += number
        number, error = _two_sum(number, low)
        high, low = _two_sum(high, number)
        low += error
    return (special, 0.0) if math.isnan(high) else (high, low)
