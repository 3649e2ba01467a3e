"""Moments: milliseconds since 1970 in UTC, as BSON keeps them.

Source: MongoDB manual, "Date Expression Operators". Python's microseconds are cut off, as pymongo
does; a naive moment counts as UTC.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bson.datetime_ms import DatetimeMS
from bson.int64 import Int64
from bson.objectid import ObjectId
from bson.timestamp import Timestamp

from modeler.mongo.evaluator.errors import EvaluationError, ExpressionFailed
from modeler.mongo.evaluator.kinds import INT32, INT64, KINDS, NULLISH, NUMBERS, kind

EPOCH = datetime.datetime(1970, 1, 1)
# Units of one length each; months and what is made of them have none.
UNITS = {
    "millisecond": 1, "second": 1000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000,
    "week": 604_800_000,
}  # fmt: skip
TRUNCATED = ("second", "minute", "hour", "day")


def millis(value: Any) -> int:
    """Return a moment as milliseconds since 1970."""
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.replace(tzinfo=None) - (value.utcoffset() or datetime.timedelta())
        since = value - EPOCH
        return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
    return int(value)


def _date(operator: str, value: Any) -> int:
    """Return milliseconds of whatever counts as a moment."""
    name = KINDS[type(value)]
    if name == "date":
        return millis(value)
    if isinstance(value, Timestamp):
        return value.time * 1000
    if isinstance(value, ObjectId):
        return int(value.generation_time.timestamp()) * 1000
    raise ExpressionFailed(f"{operator} requires a date, but got {kind(value)}")


def difference(unit: str) -> Callable[[Any, Any], Any]:
    """``$dateDiff``: how many beginnings of a unit lie between."""
    length = UNITS[unit]

    def between(start: Any, end: Any) -> Any:
        if KINDS[type(start)] in NULLISH or KINDS[type(end)] in NULLISH:
            return None
        first, last = _date("$dateDiff", start), _date("$dateDiff", end)
        return Int64(last // length - first // length)

    return between


def moved(operator: str, unit: str, sign: int) -> Callable[[Any, Any], Any]:
    """``$dateAdd`` and ``$dateSubtract``."""
    length = UNITS[unit]

    def move(start: Any, amount: Any) -> Any:
        if KINDS[type(start)] in NULLISH or KINDS[type(amount)] in NULLISH:
            return None
        begin = _date(operator, start)
        result = begin + sign * length * whole(operator, amount, INT64)
        if not -INT64 <= result < INT64:
            raise ExpressionFailed(f"invalid {operator} 'amount' parameter value")
        return DatetimeMS(result)

    return move


def whole(operator: str, value: Any, limit: int = INT32) -> int:
    """Return a number that has to be whole and below a limit.

    Raises:
        ExpressionFailed: it is not.
    """
    if KINDS[type(value)] in NUMBERS:
        number = value.to_decimal() if hasattr(value, "to_decimal") else value
        if isinstance(number, Decimal) and not number.is_finite():
            number = float("nan")
        if number == number and -limit <= number < limit and number == int(number):
            return int(number)
    raise ExpressionFailed(f"{operator} needs a whole number")


def truncated(unit: str) -> Callable[[Any], Any]:
    """``$dateTrunc`` to a unit of which every one has the same length."""
    length = UNITS[unit]

    def truncate(value: Any) -> Any:
        if KINDS[type(value)] in NULLISH:
            return None
        return DatetimeMS(_date("$dateTrunc", value) // length * length)

    return truncate


def _part(read: Callable[[datetime.datetime], int], *, long: bool = False) -> Callable[[Any], Any]:
    def part(value: Any) -> Any:
        if KINDS[type(value)] in NULLISH:
            return None
        since = _date("a part of a date", value)
        try:
            found = read(EPOCH + datetime.timedelta(milliseconds=since))
        except OverflowError as error:
            raise EvaluationError("A moment lies outside of the years 1 to 9999") from error
        return Int64(found) if long else found

    return part


PARTS = {
    "$year": _part(lambda moment: moment.year),
    "$month": _part(lambda moment: moment.month),
    "$dayOfMonth": _part(lambda moment: moment.day),
    "$dayOfYear": _part(lambda moment: moment.timetuple().tm_yday),
    "$dayOfWeek": _part(lambda moment: moment.isoweekday() % 7 + 1),
    "$isoDayOfWeek": _part(lambda moment: moment.isoweekday()),
    "$isoWeek": _part(lambda moment: moment.isocalendar()[1]),
    "$isoWeekYear": _part(lambda moment: moment.isocalendar()[0], long=True),
    "$hour": _part(lambda moment: moment.hour),
    "$minute": _part(lambda moment: moment.minute),
    "$second": _part(lambda moment: moment.second),
    "$millisecond": _part(lambda moment: moment.microsecond // 1000),
}
