"""Keywords of ``$jsonSchema`` that judge a value without looking at schemas inside.

Source: MongoDB manual, "$jsonSchema" (JSON Schema draft 4), and trials on a server. A keyword
bites only where the value has the keyword's own type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from modeler.mongo.evaluator.classes import NotPython
from modeler.mongo.evaluator.errors import NotEvaluated
from modeler.mongo.evaluator.kinds import KINDS, NAMES, NUMBERS, kind
from modeler.mongo.evaluator.numbers import decimal_of, decimal_remainder, numeric
from modeler.mongo.evaluator.order import key
from modeler.mongo.evaluator.patterns import compile_pattern

Predicate = Callable[[Any], bool]
JSON_TYPES = {
    "object": "object", "array": "array", "number": "number", "string": "string",
    "boolean": "bool", "null": "null",
}  # fmt: skip


def number(value: Any, where: str) -> Any:
    """Return a keyword's number.

    Raises:
        NotEvaluated: it is none.
    """
    if KINDS[type(value)] not in NUMBERS:
        raise NotEvaluated(where, "it has to be a number")
    return numeric(value)


def count(value: Any, where: str) -> int:
    """Return a keyword's whole number from 0 on."""
    found = number(value, where)
    if found != found or found < 0 or found != int(found):
        raise NotEvaluated(where, "it has to be a whole number from 0 on")
    return int(found)


def kinds_of(schema: Mapping[str, Any], where: str) -> frozenset[str] | None:
    """Return the names of the types that a schema allows, None for any.

    Raises:
        NotEvaluated: a name is not known.
    """
    told = schema.get("bsonType", schema.get("type"))
    if told is None:
        return None
    if "bsonType" in schema and "type" in schema:
        raise NotEvaluated(where, "bsonType and type cannot stand together")
    word = "bsonType" if "bsonType" in schema else "type"
    listed = told if isinstance(told, list) else [told]
    if not listed or not all(isinstance(name, str) for name in listed):
        raise NotEvaluated(f"{where}.{word}", "it has to be a name, or a list of names")
    found: set[str] = set()
    for name in listed:
        known = JSON_TYPES.get(name) if word == "type" else name
        if known == "number":
            found |= NUMBERS
        elif known in NAMES:
            found.add(known)
        else:
            raise NotEvaluated(f"{where}.{word}", f"the type {name!r} is not known")
    return frozenset(found)


def bson_type(kinds: frozenset[str]) -> Predicate:
    return lambda value: kind(value) in kinds


def bound(limit: Any, *, lower: bool, exclusive: bool) -> Predicate:
    """``minimum`` and ``maximum``; not a number is within only of a limit that is none either."""
    limit_is_nan = limit != limit

    def within(value: Any) -> bool:
        if KINDS[type(value)] not in NUMBERS:
            return True
        held = numeric(value)
        if limit_is_nan or held != held:
            return not exclusive and limit_is_nan and held != held
        if held == limit:
            return not exclusive
        return bool(held > limit if lower else held < limit)

    return within


def multiple_of(value: Any, where: str) -> Predicate:
    step = number(value, where)
    if step != step or step <= 0:
        raise NotEvaluated(where, "it has to be above 0")
    exact = decimal_of(step)

    def divides(value: Any) -> bool:
        if KINDS[type(value)] not in NUMBERS:
            return True
        rest = decimal_remainder(decimal_of(value), exact)
        return rest == 0

    return divides


def length(limit: int, *, lower: bool) -> Predicate:
    def fits(value: Any) -> bool:
        if KINDS[type(value)] != "string":
            return True
        return len(value) >= limit if lower else len(value) <= limit

    return fits


def size(limit: int, *, of: str, lower: bool) -> Predicate:
    """Items of an array, or properties of an object."""

    def fits(value: Any) -> bool:
        if KINDS[type(value)] != of:
            return True
        return len(value) >= limit if lower else len(value) <= limit

    return fits


def pattern(told: Any, where: str) -> Predicate:
    search = searcher(told, where)
    return lambda value: KINDS[type(value)] != "string" or search(value) is not None


def searcher(told: Any, where: str) -> Callable[[str], Any]:
    """Return the search for a pattern.

    Raises:
        NotEvaluated: Python cannot say it exactly.
    """
    if not isinstance(told, str):
        raise NotEvaluated(where, "it has to be a text")
    try:
        return compile_pattern(told).search
    except NotPython as error:
        raise NotEvaluated(where, str(error)) from error


def enum(told: Any, where: str) -> Predicate:
    """One of some values, whatever the order of fields in documents among them."""
    if not isinstance(told, list) or not told:
        raise NotEvaluated(where, "it has to be a list with a value in it")
    offered = {key(value, in_order=False) for value in told}
    if len(offered) < len(told):
        raise NotEvaluated(where, "it names a value twice")
    return lambda value: key(value, in_order=False) in offered


def unique_items(value: Any) -> bool:
    if KINDS[type(value)] != "array":
        return True
    return len({key(one, in_order=False) for one in value}) == len(value)
