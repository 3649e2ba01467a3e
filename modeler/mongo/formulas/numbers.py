"""How many digits the numbers of an expression have, as far as its operands say.

Source: PostgreSQL manual, 8.1 and 9.3: a numeric that is computed has no bound of its own, but
a sum of ``numeric(9,2)`` never has more than ten digits, two of them behind the point.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

DECIMAL128_DIGITS = 34
SIZE = re.compile(r"numeric\((\d+)(?:,(-?\d+))?\)")
WHOLE = {"smallint": 5, "integer": 10, "bigint": 19}
FLOATS = ("real", "double precision")
NUMBERS = (*WHOLE, "numeric", *FLOATS)  # PostgreSQL goes up this list where two meet


@dataclass(frozen=True, slots=True)
class Digits:
    """Digits before and behind the point, at most."""

    whole: int
    scale: int

    @property
    def type(self) -> str:
        """The type that holds them, without bound where Decimal128 does not."""
        precision = self.whole + self.scale
        return (
            f"numeric({precision},{self.scale})" if precision <= DECIMAL128_DIGITS else "numeric"
        )


def digits_of(type_: str) -> Digits | None:
    """Return the digits of a type's values, None without bound."""
    if type_ in WHOLE:
        return Digits(WHOLE[type_], 0)
    if (match := SIZE.fullmatch(type_)) is None:
        return None
    precision, scale = int(match[1]), int(match[2] or 0)
    return Digits(precision - scale, scale) if 0 <= scale <= precision else None


def base_of(type_: str) -> str:
    """Return a number's type without its digits, ``""`` for what is no number."""
    base = type_.partition("(")[0]
    return base if base in NUMBERS else ""


def widest(types: Sequence[str]) -> str:
    """Return the type in which numbers of these types meet, with room for all."""
    base = max((base_of(one) for one in types), key=NUMBERS.index)
    if base != "numeric":
        return base
    known = [digits for one in types if (digits := digits_of(one)) is not None]
    if len(known) < len(types):
        return "numeric"
    return Digits(max(one.whole for one in known), max(one.scale for one in known)).type


def computed(operator: str, left: str, right: str) -> str:
    """Return the type of ``left operator right``."""
    base = base_of(widest((left, right)))
    if operator == "^":
        return "numeric" if base == "numeric" else "double precision"
    if base == "real" and left != right:
        return "double precision"  # no operator takes an integer and a real
    if base != "numeric":
        return base
    one, other = digits_of(left), digits_of(right)
    if one is None or other is None or operator == "/":
        return "numeric"
    scale = max(one.scale, other.scale)
    match operator:
        case "*":
            return Digits(one.whole + other.whole, one.scale + other.scale).type
        case "%":
            return Digits(min(one.whole, other.whole), scale).type
    return Digits(max(one.whole, other.whole) + 1, scale).type


def literal_type(kind: str, value: str) -> str:
    """Return the type of a constant number."""
    if kind == "float":
        return "double precision"
    digits = value.lstrip("-")
    if kind == "integer":
        size = abs(int(value))
        if size < 2**31:
            return "integer"
        return "bigint" if size < 2**63 else Digits(len(digits), 0).type
    whole, _, fraction = digits.partition(".")
    if not (whole + fraction).isdigit():
        return "numeric"
    return Digits(len(whole), len(fraction)).type
