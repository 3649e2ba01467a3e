"""Values of Extended JSON in the form in which they are compared."""

from __future__ import annotations

from typing import Any

WHOLE = ("$numberInt", "$numberLong")


def normal_value(value: Any) -> Any:
    """Return the value with numbers as Python's: int, long and whole doubles become one.

    A shell writes doubles where a driver writes integers, and a server keeps what it was given.
    Decimals stay decimals, since arithmetic with them is another one.

    Args:
        value: in canonical Extended JSON, or in what specifications are written in.
    """
    if isinstance(value, dict):
        if len(value) == 1:
            ((name, inner),) = value.items()
            if name in WHOLE:
                return int(inner)
            if name == "$numberDouble":
                return _double(inner)
            if name == "$numberDecimal":
                return {name: _decimal(inner)}
        return {name: normal_value(part) for name, part in value.items()}
    if isinstance(value, list):
        return [normal_value(part) for part in value]
    if isinstance(value, float):
        return _double(value)
    return value


def _double(value: Any) -> Any:
    number = float(value)
    if number != number:  # NaN, which differs from itself
        return {"$numberDouble": "NaN"}
    return int(number) if number.is_integer() else number


def _decimal(text: str) -> str:
    from decimal import Decimal

    number = Decimal(text)
    return str(number.normalize()) if number.is_finite() else str(number)
