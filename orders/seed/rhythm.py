"""When people order, and when a warehouse works."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import timedelta
from itertools import accumulate
from random import Random

from orders.seed.plan import EPOCH, MICROSECONDS_A_DAY

HOUR = MICROSECONDS_A_DAY // 24

# How much is ordered in each hour: little at night, a bump at noon, most on the sofa.
HOURS = (3, 2, 1, 1, 1, 2, 4, 8, 12, 15, 17, 18, 20, 18, 16, 15, 16, 19, 24, 30, 33, 28, 17, 8)
# Monday to Sunday.
WEEKDAYS = (1.12, 1.05, 1.0, 0.98, 0.9, 0.85, 1.1)
# January to December: presents before the year's end, holidays in summer.
MONTHS = (0.9, 0.85, 0.95, 0.95, 1.0, 0.92, 0.85, 0.88, 1.0, 1.05, 1.45, 1.5)
# How many times as much the shop sells at the end as at the beginning.
GROWTH = 2.5
# Days differ for no reason at all: the standard deviation of the logarithm.
NOISE = 0.15

_OPENS, _CLOSES = 7 * HOUR, 19 * HOUR
_CUMULATED = tuple(accumulate(HOURS))


def births(opening: int, end: int, count: int, random: Random) -> Iterator[int]:
    """Yield ``count`` rising moments between two, as people order: microseconds since 1970.

    Each moment is drawn from its own part of all demand, so they come in order without a sort.
    """
    demand = _demand(opening, end, random)
    share, day, before, last = sum(demand) / count, 0, 0.0, opening
    for number in range(count):
        wanted = (number + random.random()) * share
        while wanted >= before + demand[day] and day + 1 < len(demand):
            before += demand[day]
            day += 1
        part = min((wanted - before) / demand[day], 0.999_999)
        moment = opening + day * MICROSECONDS_A_DAY + _time_of_day(part)
        last = max(moment, last + 1)
        yield last


def working(moment: int) -> int:
    """Return ``moment``, or one soon after the house opens again (Monday to Saturday, 7 to 19).

    A later moment of one order stays later: who is put off is put off beyond all that was before.
    """
    days, time = divmod(moment, MICROSECONDS_A_DAY)
    if time >= _CLOSES:
        days, time = days + 1, time - MICROSECONDS_A_DAY
    if time < _OPENS:
        # The night's work fills the first two hours of the day, in the same order.
        time = _OPENS + (time + MICROSECONDS_A_DAY - _CLOSES) // 6
    # The first of January 1970 was a Thursday.
    if (days + 3) % 7 == 6:
        days += 1
    return days * MICROSECONDS_A_DAY + time


def _demand(opening: int, end: int, random: Random) -> list[float]:
    """Return how much is wanted on each day."""
    first = EPOCH + timedelta(microseconds=opening)
    count = (end - opening) // MICROSECONDS_A_DAY
    days = (first + timedelta(days=number) for number in range(count))
    return [
        WEEKDAYS[day.weekday()]
        * MONTHS[day.month - 1]
        * (1 + (GROWTH - 1) * number / count)
        * random.lognormvariate(0, NOISE)
        for number, day in enumerate(days)
    ]


def _time_of_day(part: float) -> int:
    """Return the microsecond of a day by which ``part`` (0 to 1) of its demand has come."""
    wanted = part * _CUMULATED[-1]
    hour = bisect_right(_CUMULATED, wanted)
    within = 1 - (_CUMULATED[hour] - wanted) / HOURS[hour]
    return int((hour + within) * HOUR)
