"""Decimal128 and the numbers that expressions make of numbers.

Sources: MongoDB manual, "Arithmetic Expression Operators", and trials on a server; IEEE 754-2008
decimal128. Integers widen from 32 to 64 bits and from there to doubles; a double meets a decimal
with its 15 first digits.
"""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, Context, Decimal
from functools import lru_cache
from typing import Any

from bson.decimal128 import Decimal128
from bson.int64 import Int64

from modeler.mongo.decimals import BIAS, Number
from modeler.mongo.evaluator.errors import ExpressionFailed
from modeler.mongo.evaluator.kinds import INT32, INT64, KINDS, NULLISH, NUMBERS, kind

CONTEXT = Context(prec=34, Emin=-6143, Emax=6144, clamp=1, traps=[])
ROUND_15 = Context(prec=15, traps=[])
# Remainders are exact, however far apart the exponents are.
EXACT = Context(prec=12_400, Emin=-20_000, Emax=20_000, traps=[])
WIDTH = {"int": 0, "long": 1, "double": 2, "decimal": 3}


def words(value: Decimal128) -> tuple[int, int]:
    """Return the high and the low 64 bits."""
    number = int.from_bytes(value.bid, "little")
    return number >> 64, number & 0xFFFFFFFFFFFFFFFF


# pymongo keeps the two words under these names; reading them takes a tenth of packing them.
HIGH, LOW = "_Decimal128__high", "_Decimal128__low"
KEEPS_WORDS = hasattr(Decimal128("1"), HIGH) and hasattr(Decimal128("1"), LOW)
EXPONENTS = {
    sign << 63 | (exponent + BIAS) << 49: Decimal(exponent)
    for sign in (0, 1)
    for exponent in range(-40, 41)
}


def to_decimal(value: Decimal128) -> Decimal:
    """Return a Decimal128 as ``Decimal``, some times faster than its own method."""
    if type(value) is Number:
        return value.decimal
    high, low = (
        (value._Decimal128__high, value._Decimal128__low)  # type: ignore[attr-defined]
        if KEEPS_WORDS
        else words(value)
    )
    if high not in EXPONENTS:
        # Digits beyond 64 bits, infinite, or not a number (never a signalling one).
        return CONTEXT.plus(value.to_decimal())
    return _decimal(high, low)


# Prices and quantities repeat.
@lru_cache(maxsize=65_536)
def _decimal(high: int, low: int) -> Decimal:
    coefficient = -Decimal(low) if high >> 63 and low else Decimal(low)
    return coefficient.scaleb(EXPONENTS[high], CONTEXT)


def numeric(value: Any) -> Any:
    """Return a number as Python's ``int``, ``float`` or ``Decimal``, which compare exactly."""
    if type(value) is Number:
        return value.decimal
    return to_decimal(value) if type(value) is Decimal128 else value


def is_nan(value: Any) -> bool:
    """Tell whether a number (as ``numeric`` returns it) is not a number."""
    return value != value


def decimal_of(value: Any) -> Decimal:
    """Return any number as an operator of decimals takes it."""
    if type(value) is Decimal:
        return value
    if isinstance(value, Decimal128):
        return to_decimal(value)
    return ROUND_15.create_decimal(value) if isinstance(value, float) else Decimal(value)


def integer(value: int, *, long: bool) -> int:
    """Return an integer with its type: a 64-bit one stays one, however small."""
    return Int64(value) if long and -INT32 <= value < INT32 else value


def _fail(operator: str, value: Any, what: str = "numeric types") -> ExpressionFailed:
    return ExpressionFailed(f"{operator} only supports {what}, not {kind(value)}")


def multiply(*values: Any) -> Any:
    """``$multiply``."""
    if len(values) == 2:
        left, right = values
        types = type(left), type(right)
        if Decimal in types and (types[0] is types[1] or int in types):
            return CONTEXT.multiply(left, right)
    product: Any = 1
    doubles, width = 1.0, 0
    for value in values:
        name = KINDS[type(value)]
        if name in NULLISH:
            return None
        if name not in NUMBERS:
            raise _fail("$multiply", value)
        name = kind(value)
        before, width = width, max(width, WIDTH[name])
        if width == 3:
            if before != 3:
                product = decimal_of(doubles if before == 2 else product)
            product = CONTEXT.multiply(product, decimal_of(value))
            continue
        doubles *= value
        if width < 2:
            product *= value
            if not -INT64 <= product < INT64:
                width = 2
    if width == 2:
        return doubles
    return product if width == 3 else integer(product, long=width == 1)


def divide(left: Any, right: Any) -> Any:
    """``$divide``."""
    both = _pair("$divide", left, right)
    if both is None:
        return None
    left, right = both
    if right == 0:
        raise ExpressionFailed("can't $divide by zero")
    if Decimal in (type(left), type(right)):
        return CONTEXT.divide(decimal_of(left), decimal_of(right))
    return _float_divide(float(left), float(right))


def _float_divide(left: float, right: float) -> float:
    try:
        return left / right
    except OverflowError:
        return math.copysign(math.inf, left) * math.copysign(1, right)


def modulo(left: Any, right: Any) -> Any:
    """``$mod``: the remainder has the sign of what is divided."""
    both = _pair("$mod", left, right)
    if both is None:
        return None
    long = "long" in (kind(left), kind(right))
    left, right = both
    if right == 0:
        raise ExpressionFailed("can't $mod by zero")
    if Decimal in (type(left), type(right)):
        return decimal_remainder(decimal_of(left), decimal_of(right))
    whole = not isinstance(right, float) or (right.is_integer() and abs(right) < INT64)
    if isinstance(left, float) or not whole:
        left, right = float(left), float(right)
        return math.nan if math.isinf(left) or math.isnan(right) else math.fmod(left, right)
    right = int(right)
    rest = abs(left) % abs(right)
    return integer(-rest if left < 0 else rest, long=long or not -INT32 <= right < INT32)


def decimal_remainder(left: Decimal, right: Decimal) -> Decimal:
    """Return the exact remainder, with the sign of ``left``."""
    return EXACT.remainder(left, right)


def _pair(operator: str, left: Any, right: Any) -> tuple[Any, Any] | None:
    """Return both as numbers, None where one is null."""
    names = KINDS[type(left)], KINDS[type(right)]
    if names[0] in NUMBERS and names[1] in NUMBERS:
        return numeric(left), numeric(right)
    if names[0] in NULLISH or names[1] in NULLISH:
        return None
    raise _fail(operator, left if names[0] not in NUMBERS else right)


def absolute(value: Any) -> Any:
    """``$abs``."""
    name = KINDS[type(value)]
    if name in NULLISH:
        return None
    if name not in NUMBERS:
        raise _fail("$abs", value)
    if name in ("int", "long"):
        if value == -INT64:
            raise ExpressionFailed("can't take $abs of long long min")
        return integer(abs(value), long=kind(value) == "long")
    number = numeric(value)
    return number.copy_abs() if isinstance(number, Decimal) else abs(number)


def _rounder(operator: str, of_double: Any, mode: str) -> Any:
    def rounded(value: Any) -> Any:
        name = KINDS[type(value)]
        if name in NULLISH:
            return None
        if name not in NUMBERS:
            raise _fail(operator, value)
        if name in ("int", "long"):
            return value
        number = numeric(value)
        if isinstance(number, Decimal):
            if mode == ROUND_DOWN:
                return number.to_integral_value(mode, CONTEXT)
            # Not a number where the result has more digits than a decimal, as on the server.
            return number.quantize(Decimal(1), mode, CONTEXT)
        return float(of_double(number)) if math.isfinite(number) else number

    return rounded


ceiling = _rounder("$ceil", math.ceil, ROUND_CEILING)
floor = _rounder("$floor", math.floor, ROUND_FLOOR)
truncate = _rounder("$trunc", math.trunc, ROUND_DOWN)
