"""Decimal128 out of PostgreSQL's text of a numeric, without rounding.

Source: BSON specification, "Decimal128 in BSON" (IEEE 754-2008 in binary integer decimal form:
a sign bit, 14 bits of exponent with bias 6176, 113 bits of coefficient).
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from bson.decimal128 import Decimal128

BIAS = 6176
DIGITS = 34
LARGEST = 10**DIGITS - 1
SIGN = 1 << 127
WORD = 2**64 - 1


class Number(Decimal128):
    """A Decimal128 that keeps what it is asked for again and again.

    Attributes:
        bid: its bytes, which the driver packs anew for every document.
        decimal: its value, by which expressions compare and add.
    """

    __slots__ = ("bid", "decimal")

    bid: bytes
    decimal: Decimal

    def __reduce__(self) -> tuple[Any, ...]:
        return Decimal128.from_bid, (self.bid,)


# Prices and quantities repeat; a cache is twice as fast as building each anew.
@lru_cache(maxsize=65_536)
def decimal128(text: str) -> Decimal128:
    """Return a number with the digits it has; trailing zeros stay.

    Args:
        text: as PostgreSQL prints a numeric: ``-12.50``, ``NaN``, ``Infinity``; never ``-0``.

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
    bid = bits.to_bytes(16, "little")
    number = Number((bits >> 64, bits & WORD))  # type: ignore[arg-type]
    number.bid, number.decimal = bid, Decimal(text)
    return number
