"""BSON's order of values, across types.

Source: MongoDB manual, "Comparison/Sort Order": each type has its place, numbers compare by their
value whatever their type, NaN is below all numbers and equals itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bson.binary import Binary
from bson.regex import Regex

from modeler.mongo.evaluator.dates import millis
from modeler.mongo.evaluator.kinds import KINDS
from modeler.mongo.evaluator.numbers import numeric

RANKS = {
    "minKey": 0, "missing": 1, "null": 2, "int": 3, "long": 3, "double": 3, "decimal": 3,
    "string": 4, "object": 5, "array": 6, "binData": 7, "objectId": 8, "bool": 9, "date": 10,
    "timestamp": 11, "regex": 12, "javascript": 13, "maxKey": 15,
}  # fmt: skip
NUMBER, OBJECT, ARRAY = 3, 5, 6
# Types whose values Python compares as the server does, where both have exactly this one.
PLAIN = frozenset({int, str, bool, type(None)})
REGEX_FLAGS = {2: "i", 4: "l", 8: "m", 16: "s", 64: "x"}


def rank(value: Any) -> int:
    """Return the place of the value's type."""
    name = KINDS[type(value)]
    if name == "javascript" and value.scope is not None:
        return 14
    return RANKS[name]


def compare(left: Any, right: Any) -> int:
    """Return -1, 0 or 1."""
    if (python_type := type(left)) is type(right):
        if python_type in PLAIN or (python_type is Decimal and left == left and right == right):
            return 0 if left == right else (-1 if left < right else 1)
        if python_type is datetime and _are_plain_moments(left, right):
            return 0 if left == right else (-1 if left < right else 1)
    place, other = rank(left), rank(right)
    if place != other:
        return -1 if place < other else 1
    if place == NUMBER:
        return _compare_numbers(numeric(left), numeric(right))
    if place == OBJECT:
        return _compare_documents(left, right)
    if place == ARRAY:
        return _compare_arrays(left, right)
    return _sign(_content(left, place), _content(right, place))


def _are_plain_moments(left: datetime, right: datetime) -> bool:
    """Tell whether two moments are in UTC and without what is cut off."""
    zone = left.tzinfo
    return (
        zone is right.tzinfo
        and (zone is None or zone is UTC)
        and left.microsecond % 1000 == right.microsecond % 1000 == 0
    )


def equal(left: Any, right: Any) -> bool:
    """Tell whether both are the same to the server."""
    if (python_type := type(left)) is type(right) and python_type in PLAIN:
        return bool(left == right)
    return compare(left, right) == 0


def key(value: Any, *, in_order: bool = True) -> Any:
    """Return what is hashable, and equal for values that are.

    Args:
        value: of a document.
        in_order: documents with the same fields in another order are others. Expressions count
            the order, ``enum`` and ``uniqueItems`` do not.
    """
    python_type = type(value)
    if python_type is str:
        return value  # no other type's key is a plain text
    place = rank(value)
    if place == NUMBER:
        number = numeric(value)
        return (place, "NaN") if number != number else (place, number)
    if place == OBJECT:
        fields = [(name, key(part, in_order=in_order)) for name, part in value.items()]
        return (place, *(fields if in_order else sorted(fields, key=lambda field: field[0])))
    if place == ARRAY:
        return (place, *(key(part, in_order=in_order) for part in value))
    if place == 4:
        return str(value)
    return place, _content(value, place)


def keys(values: Iterable[Any], *, in_order: bool = True) -> set[Any]:
    """Return the keys of values."""
    return {key(value, in_order=in_order) for value in values}


def _sign(left: Any, right: Any) -> int:
    return 0 if left == right else (-1 if left < right else 1)


def _compare_numbers(left: Any, right: Any) -> int:
    if left != left or right != right:
        return _sign(left == left, right == right)
    return _sign(left, right)


def _compare_documents(left: Any, right: Any) -> int:
    for (name, value), (other_name, other) in zip(left.items(), right.items(), strict=False):
        if found := (
            _sign(rank(value), rank(other))
            or _sign(name.encode(), other_name.encode())
            or compare(value, other)
        ):
            return found
    return _sign(len(left), len(right))


def _compare_arrays(left: Any, right: Any) -> int:
    for value, other in zip(left, right, strict=False):
        if found := compare(value, other):
            return found
    return _sign(len(left), len(right))


def _content(value: Any, place: int) -> Any:
    """Return what values of one type are ordered by."""
    match KINDS[type(value)]:
        case "string":
            return value.encode()
        case "binData":
            data, subtype = binary(value)
            return len(data), subtype, data
        case "objectId":
            return value.binary
        case "bool":
            return value
        case "date":
            return millis(value)
        case "timestamp":
            return value.time, value.inc
        case "regex":
            return regex_parts(value)
        case "javascript":
            scope = value.scope
            return str(value) if scope is None else (str(value), key(scope))
    return 0


def binary(value: Any) -> tuple[bytes, int]:
    """Return the bytes and the subtype of binary data."""
    if isinstance(value, uuid.UUID):
        return value.bytes, 4
    return bytes(value), value.subtype if isinstance(value, Binary) else 0


def regex_parts(value: Any) -> tuple[str, str]:
    """Return the pattern and the options of a regular expression as BSON keeps it."""
    pattern = value.pattern
    if isinstance(pattern, bytes):
        pattern = pattern.decode()
    flags = value.flags
    unicode = "u" if flags & 32 and not isinstance(value, Regex) else ""
    told = "".join(letter for bit, letter in REGEX_FLAGS.items() if flags & bit) + unicode
    return pattern, "".join(sorted(told))
