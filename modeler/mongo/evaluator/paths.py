"""Fields of documents, along paths.

Source: MongoDB manual, "Field Paths": a path that meets an array goes on in each document in it,
and gives an array.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modeler.mongo.evaluator.kinds import KINDS, MISSING
from modeler.mongo.evaluator.numbers import numeric


def get(value: Any, name: str) -> Any:
    """Return a field of a document, or of each document in an array.

    Decimals are returned as ``Decimal``, since an expression compares and adds them.
    """
    if type(value) is dict or KINDS[type(value)] == "object":
        found = value.get(name, MISSING)
        return numeric(found)
    if KINDS[type(value)] == "array":
        return _of_each(value, (name,))
    return MISSING


def follow(value: Any, names: Sequence[str]) -> Any:
    """Return what lies at the end of a path."""
    for step, name in enumerate(names):
        if KINDS[type(value)] == "array":
            return _of_each(value, names[step:])
        value = get(value, name)
    return value


def _of_each(values: Sequence[Any], names: Sequence[str]) -> list[Any]:
    """Arrays directly within an array are left out, as the server does."""
    found = [follow(value, names) for value in values if KINDS[type(value)] == "object"]
    return [value for value in found if value is not MISSING]
