"""Dates, times and intervals between bounds."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from modeler.errors import FormatError
from modeler.previews.rows.restriction import Restriction
from modeler.previews.rows.values import COUNTER, Values, constant
from modeler.schema.expression import Literal

TEMPORAL = {
    "date": "date",
    "timestamp": "timestamp",
    "timestamptz": "timestamptz",
    "time": "time",
    "timetz": "timetz",
    "interval": "interval",
}
BASE = {
    "date": "2021-03-01",
    "timestamp": "2021-03-01 09:30:00",
    "timestamptz": "2021-03-01 09:30:00+00",
    "interval": "0",
    "time": "00:00:00",
    "timetz": "00:00:00+00",
}
STEP = {
    "date": timedelta(days=1),
    "timestamp": timedelta(hours=1, minutes=17, seconds=3),
    "timestamptz": timedelta(hours=1, minutes=17, seconds=3),
    "interval": timedelta(minutes=37),
}
FINER = (timedelta(minutes=1), timedelta(seconds=1), timedelta(microseconds=1))


def moments(base: str, restriction: Restriction, needed: int) -> Values:
    """Return moments of a type, ascending.

    Args:
        base: one of ``TEMPORAL``.
        needed: how many must differ, if they can.

    Raises:
        FormatError: no moment lies between the bounds.
    """
    if base in {"time", "timetz"}:
        return _times(base, restriction)
    lows, highs = restriction.lows, restriction.highs
    if not lows and not highs:
        return Values(_moved(base, f"'{BASE[base]}'", "+", STEP[base]), ascending=True)
    low = lows[-1] if lows else None
    high = highs[-1] if highs else None
    begin = _greatest(base, [constant(bound.value) for bound in lows], "greatest")
    end = _greatest(base, [constant(bound.value) for bound in highs], "least")
    span = _span(restriction)
    step = STEP[base]
    if low is None or high is None or span is None:
        if low is None:
            start = 0 if high is not None and high.inclusive else 1
            return Values(_moved(base, end, "-", step, start))
        if high is not None:
            step = timedelta(days=1) if base == "date" else timedelta(seconds=1)
        return Values(_moved(base, begin, "+", step, 0 if low.inclusive else 1), ascending=True)
    for step in (STEP[base], *FINER):
        if base == "date" and step < timedelta(days=1):
            step = timedelta(days=1)
        count = span // step + 1
        count -= (not low.inclusive) + (not high.inclusive and span % step == timedelta(0))
        if count >= needed or base == "date":
            break
    if count < 1:
        raise FormatError("no moment lies between the bounds")
    start = 0 if low.inclusive else 1
    return Values(_moved(base, begin, "+", step, start, count), count, ascending=True)


def _times(base: str, restriction: Restriction) -> Values:
    """Times of the day, by the minute or second between bounds."""
    low, high = 0, 24 * 3600 - 1
    for bound in restriction.lows:
        low = max(low, _seconds(bound.value) + (not bound.inclusive))
    for bound in restriction.highs:
        high = min(high, _seconds(bound.value) - (not bound.inclusive))
    if low > high:
        raise FormatError("no time lies between the bounds")
    step = 61 if high - low > 61 * 200 else 1
    count = (high - low) // step + 1
    seconds = f"({low} + (({COUNTER}) % {count}) * {step})"
    zone = "+00" if base == "timetz" else ""
    return Values(
        f"(('00:00:00'::time + {seconds} * interval '1 second')::text || '{zone}')::{base}",
        count,
        ascending=True,
    )


def _seconds(value: object) -> int:
    if isinstance(value, Literal):
        try:
            found = datetime.fromisoformat(f"2000-01-01T{value.value}")
        except ValueError as error:
            raise FormatError(f"{value.value} is no time") from error
        return found.hour * 3600 + found.minute * 60 + found.second
    raise FormatError("a bound is no constant")


def _moved(
    base: str, start: str, sign: str, step: timedelta, first: int = 0, count: int | None = None
) -> str:
    counter = f"({COUNTER})" if count is None else f"(({COUNTER}) % {count})"
    if first:
        counter = f"({first} + {counter})"
    if base == "date":
        # Years beyond what the calendar of Python and of forms know are of no use.
        return f"({start}::date {sign} ({counter} % 2000000)::integer)"
    # Not as microseconds, of which PostgreSQL 14 takes no more than an integer holds.
    seconds = f"interval '{step.total_seconds():.6f} seconds'"
    return f"({start}::{base} {sign} {counter} * {seconds})"


def _greatest(base: str, members: list[str], function: str) -> str:
    if len(members) == 1:
        return f"({members[0]})"
    return f"{function}({', '.join(f'({member})::{base}' for member in members)})"


def _span(restriction: Restriction) -> timedelta | None:
    """How far the bounds lie apart, None where they are no constants."""
    lows = [_moment(bound.value) for bound in restriction.lows]
    highs = [_moment(bound.value) for bound in restriction.highs]
    if None in lows or None in highs or not lows or not highs:
        return None
    try:
        span: timedelta = min(h for h in highs if h) - max(low for low in lows if low)
    except TypeError:  # with a zone and without
        return None
    if span < timedelta(0):
        raise FormatError("no moment lies between the bounds")
    return span


def _moment(value: object) -> datetime | None:
    if not isinstance(value, Literal):
        return None
    try:
        if value.type == "date":
            found = date.fromisoformat(value.value)
            return datetime(found.year, found.month, found.day)
        return datetime.fromisoformat(value.value)
    except ValueError:
        return None
