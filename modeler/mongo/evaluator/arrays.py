"""Operators of arrays and sets.

Source: MongoDB manual, "Array Expression Operators", "Set Expression Operators".
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import cmp_to_key
from typing import Any

from bson.binary import Binary

from modeler.mongo.evaluator.dates import whole
from modeler.mongo.evaluator.errors import ExpressionFailed
from modeler.mongo.evaluator.kinds import KINDS, MISSING, NULLISH, kind
from modeler.mongo.evaluator.order import compare, key, keys, rank
from modeler.mongo.uuids import Uuid

# Of two values of one of these types, Python says what the server does whether they are equal.
ALIKE = frozenset({str, int, bool, Binary, Uuid, uuid.UUID})


def is_true(value: Any) -> bool:
    """Tell whether an expression's value counts as true: all but false, null, none and zero."""
    if value is True or value is False:
        return bool(value)
    place = rank(value)
    if place == 3:
        return key(value) != (3, 0)
    return place > 2 or place == 0


def array(operator: str, value: Any) -> Sequence[Any]:
    """Return an array.

    Raises:
        ExpressionFailed: it is none.
    """
    if type(value) is list or KINDS[type(value)] == "array":
        return value
    raise ExpressionFailed(f"{operator} needs an array, but got {kind(value)}")


def elements(operator: str, value: Any) -> Sequence[Any] | None:
    """Return an array, None for null or a missing one."""
    return None if value is None or value is MISSING else array(operator, value)


def contains(value: Any, offered: Any) -> bool:
    """``$in``."""
    return key(value) in keys(array("$in", offered))


def size(value: Any) -> int:
    """``$size``."""
    return len(array("$size", value))


def is_array(value: Any) -> bool:
    """``$isArray``."""
    return KINDS[type(value)] == "array"


def all_true(values: Any) -> bool:
    """``$allElementsTrue``."""
    return all(map(is_true, array("$allElementsTrue", values)))


def any_true(values: Any) -> bool:
    """``$anyElementTrue``."""
    return any(map(is_true, array("$anyElementTrue", values)))


def _first_of_each(values: Sequence[Any]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for value in values:
        found.setdefault(key(value), value)
    return found


def _sorted(values: Iterable[Any]) -> list[Any]:
    """Return a set as the server does: in BSON's order."""
    listed = list(values)
    if all(type(value) is str for value in listed):
        return sorted(listed)
    return sorted(listed, key=cmp_to_key(compare))


def union(*sets: Any) -> Any:
    """``$setUnion``."""
    joined: list[Any] = []
    for one in sets:
        part = elements("$setUnion", one)
        if part is None:
            return None
        joined += part
    return _sorted(_first_of_each(joined).values())


def distinct(values: Any) -> int:
    """``$size`` of ``$setUnion`` of one array."""
    listed = elements("$setUnion", values)
    if listed is None:
        return size(None)
    if len(kinds := set(map(type, listed))) == 1 and kinds <= ALIKE:
        return len(set(listed))
    return len(keys(listed))


def intersection(*sets: Any) -> Any:
    """``$setIntersection``."""
    common: dict[Any, Any] | None = None
    for one in sets:
        part = elements("$setIntersection", one)
        if part is None:
            return None
        held = keys(part)
        if common is None:
            common = _first_of_each(part)
        else:
            common = {name: value for name, value in common.items() if name in held}
    return _sorted((common or {}).values())


def difference(left: Any, right: Any) -> Any:
    """``$setDifference``."""
    if KINDS[type(left)] in NULLISH or KINDS[type(right)] in NULLISH:
        return None
    gone = keys(array("$setDifference", right))
    kept = _first_of_each(array("$setDifference", left))
    return [value for name, value in kept.items() if name not in gone]


def is_subset(left: Any, right: Any) -> bool:
    """``$setIsSubset``."""
    first = array("$setIsSubset", left)
    return keys(first) <= keys(array("$setIsSubset", right))


def set_equals(*sets: Any) -> bool:
    """``$setEquals``."""
    found = [keys(array("$setEquals", one)) for one in sets]
    return all(one == found[0] for one in found)


def element(values: Any, position: Any) -> Any:
    """``$arrayElemAt``; no value where the array is shorter."""
    if KINDS[type(values)] in NULLISH or KINDS[type(position)] in NULLISH:
        return None
    held, index = array("$arrayElemAt", values), whole("$arrayElemAt", position)
    return held[index] if -len(held) <= index < len(held) else MISSING


def end(operator: str, index: int) -> Callable[[Any], Any]:
    """``$first`` and ``$last``."""

    def at(values: Any) -> Any:
        held = elements(operator, values)
        if held is None:
            return None
        return held[index] if held else MISSING

    return at


def concatenate(*arrays: Any) -> Any:
    """``$concatArrays``."""
    joined: list[Any] = []
    for one in arrays:
        part = elements("$concatArrays", one)
        if part is None:
            return None
        joined += part
    return joined


def extreme(wanted: int) -> Callable[..., Any]:
    """``$max`` (1) and ``$min`` (-1): nulls are left out; of a single array, its elements."""

    def choose(*values: Any) -> Any:
        parts: Any = values
        if len(values) == 1 and KINDS[type(values[0])] == "array":
            (parts,) = values
        best = None
        for part in parts:
            if KINDS[type(part)] in NULLISH:
                continue
            if best is None or compare(part, best) == wanted:
                best = part
        return best

    return choose
