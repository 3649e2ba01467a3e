"""Numbers between bounds."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation

from modeler.errors import FormatError
from modeler.previews.rows.restriction import Bound, Restriction
from modeler.previews.rows.values import COUNTER, Values
from modeler.schema.expression import Literal

LIMITS = {
    "int2": (-(2**15), 2**15 - 1),
    "int4": (-(2**31), 2**31 - 1),
    "int8": (-(2**63), 2**63 - 1),
    "oid": (0, 2**32 - 1),
}
WHOLE = frozenset(LIMITS)
NUMERIC = frozenset({*LIMITS, "numeric", "float4", "float8", "money"})
# Enough for every row anybody asks for, and far from what sums and products overflow at.
WIDE = Decimal(10**9)


def numbers(base: str, modifier: int, restriction: Restriction, needed: int) -> Values:
    """Return numbers of a type, ascending from the lowest, or from 0 where that is allowed.

    Args:
        base: one of ``NUMERIC``.
        modifier: of numeric, as ``atttypmod`` has it.
        needed: how many must differ, if they can.

    Raises:
        FormatError: no number lies between the bounds.
    """
    unit, least, most = _reach(base, modifier)
    low = max((_end(bound, unit, up=True) for bound in restriction.lows), default=None)
    high = min((_end(bound, unit, up=False) for bound in restriction.highs), default=None)
    excluded = {_number(value) for value in restriction.excluded}
    if low is None:
        low = Decimal(0) if high is None or high >= 0 else max(least, high - needed * unit * 10)
    low = max(low, least)
    high = most if high is None else min(high, most)
    while low in excluded and low <= high:
        low += unit
    while high in excluded and low <= high:
        high -= unit
    if low > high:
        raise FormatError(f"no number lies between {low} and {high}")
    units = int((high - low) / unit)
    # Steps that show all digits where there is room for them.
    step = 1
    if unit < 1 and units // 137 > needed:
        step = 137
    count = units // step + 1
    counter = f"(({COUNTER}) % {count})"
    factor = unit * step
    text = _plain(factor)
    times = counter if factor == 1 else f"{counter} * {text}"
    return Values(times if low == 0 else f"{_plain(low)} + {times}", count, ascending=True)


def _reach(base: str, modifier: int) -> tuple[Decimal, Decimal, Decimal]:
    """The smallest step, the least and the greatest number."""
    if base in LIMITS:
        least, most = LIMITS[base]
        return Decimal(1), Decimal(least), Decimal(most)
    if base == "money":
        return Decimal("0.01"), -WIDE, WIDE
    if base == "float4":
        # Seven digits are exact.
        return Decimal("0.5"), Decimal(-(10**6)), Decimal(10**6)
    if base == "float8" or modifier < 0:
        return Decimal("0.25"), -WIDE, WIDE
    precision, scale = ((modifier - 4) >> 16) & 0xFFFF, (modifier - 4) & 0x7FF
    if scale >= 1024:  # 11 bits with a sign since PostgreSQL 15
        scale -= 2048
    unit = Decimal(1).scaleb(-scale)
    most = unit * (10**precision - 1)
    return unit, -most, most


def _end(bound: Bound, unit: Decimal, *, up: bool) -> Decimal:
    value = _number(bound.value)
    if value is None:
        raise FormatError("a bound is no constant")
    rounded = (value / unit).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR) * unit
    if not bound.inclusive and rounded == value:
        rounded += unit if up else -unit
    return rounded


def _number(value: object) -> Decimal | None:
    if not isinstance(value, Literal):
        return None
    try:
        found = Decimal(value.value)
    except InvalidOperation:
        return None
    return found if math.isfinite(found) else None


def _plain(number: Decimal) -> str:
    text = f"{number.normalize():f}"
    return f"({text})" if text.startswith("-") else text
