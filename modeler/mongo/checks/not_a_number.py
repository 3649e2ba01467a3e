"""The place of NaN in the order of floating-point numbers.

PostgreSQL puts it above all numbers, MongoDB below them; both call it equal to itself. Sources:
PostgreSQL manual, 8.1.3 "Floating-Point Types"; MongoDB manual, "Comparison/Sort Order".
"""

from __future__ import annotations

from typing import Any

from modeler.mongo.checks.value import Value, all_of, any_of

NAN = {"$numberDouble": "NaN"}


def above_all(told: Any, greater: Value, lesser: Value, *, strict: bool) -> Any:
    """Return a comparison as PostgreSQL makes it.

    Args:
        told: what MongoDB's operator says of the two.
        greater, lesser: which side is to be greater.
        strict: equal values do not do.

    Returns: ``told`` itself where neither side can be NaN. Decimals cannot: fields refuse it.
    """
    upper, lower = _may_be(greater), _may_be(lesser)
    if lower:
        told = all_of([{"$ne": [lesser.expression, NAN]}, told])
    if upper:
        above = [{"$eq": [greater.expression, NAN]}]
        if strict and lower:
            above.append({"$ne": [lesser.expression, NAN]})
        told = any_of([all_of(above), told])
    return told


def _may_be(value: Value) -> bool:
    return value.kind == "double" and not value.is_constant
