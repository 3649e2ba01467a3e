"""Conditions of queries beside ``$jsonSchema``, such as bounds of dates.

Source: MongoDB manual, "Query Predicates": a comparison asks for the same type, a path goes on
in the documents of an array, and one value of an array is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from modeler.mongo.evaluator.errors import NotEvaluated
from modeler.mongo.evaluator.kinds import KINDS, MISSING, NAMES, NUMBERS, kind
from modeler.mongo.evaluator.numbers import numeric
from modeler.mongo.evaluator.order import compare, equal, rank

Test = Callable[[Any], bool]
LETTERS = {"$gt": (1,), "$gte": (0, 1), "$lt": (-1,), "$lte": (-1, 0)}
CODES = {
    1: "double", 2: "string", 3: "object", 4: "array", 5: "binData", 6: "undefined",
    7: "objectId", 8: "bool", 9: "date", 10: "null", 11: "regex", 12: "dbPointer",
    13: "javascript", 14: "symbol", 15: "javascriptWithScope", 16: "int", 17: "timestamp",
    18: "long", 19: "decimal", -1: "minKey", 127: "maxKey",
}  # fmt: skip


def compile_path(path: str, condition: Any, where: str) -> Test:
    """Compile what is demanded of a path; the result judges a document.

    Raises:
        NotEvaluated: an operator is not known.
    """
    steps = path.split(".")
    if not all(steps) or any(step.isdigit() for step in steps):
        raise NotEvaluated(where, f"the path {path!r} has an empty or a numbered part")
    tests = list(_conditions(steps, condition, where))
    return tests[0] if len(tests) == 1 else lambda document: all(t(document) for t in tests)


def _conditions(steps: Sequence[str], condition: Any, where: str) -> Iterator[Test]:
    if not isinstance(condition, Mapping) or not any(name.startswith("$") for name in condition):
        yield _some(steps, _equals(condition, where))
        return
    for operator, value in condition.items():
        yield _operator(steps, operator, value, f"{where}.{operator}")


def _operator(steps: Sequence[str], operator: str, value: Any, where: str) -> Test:
    match operator:
        case "$eq":
            return _some(steps, _equals(value, where))
        case "$ne":
            return _none(_some(steps, _equals(value, where)))
        case "$in" | "$nin":
            if not isinstance(value, list):
                raise NotEvaluated(where, "it needs a list")
            tests = [_equals(one, where) for one in value]
            found = _some(steps, lambda held: any(test(held) for test in tests))
            return found if operator == "$in" else _none(found)
        case "$gt" | "$gte" | "$lt" | "$lte":
            return _some(steps, _compares(operator, value, where))
        case "$exists":
            there = _some(steps, lambda held: held is not MISSING)
            return there if value not in (False, 0, None) else _none(there)
        case "$type":
            names = _type_names(value, where)
            return _some(steps, lambda held: kind(held) in names)
        case "$not" if isinstance(value, Mapping) and value:
            inner = list(_conditions(steps, value, where))
            return lambda document: not all(test(document) for test in inner)
    raise NotEvaluated(where, f"the operator {operator} is not known")


def _none(test: Test) -> Test:
    return lambda document: not test(document)


def _some(steps: Sequence[str], test: Test) -> Test:
    """Return whether one of the values at a path passes, the array itself among them."""
    if len(steps) == 1:
        (name,) = steps

        def at_top(document: Any) -> bool:
            held = document.get(name, MISSING)
            if KINDS[type(held)] == "array":
                return any(map(test, held)) or test(held)
            return test(held)

        return at_top
    return lambda document: any(test(held) for held in _values(document, steps))


def _values(document: Any, steps: Sequence[str]) -> Iterator[Any]:
    held = document.get(steps[0], MISSING)
    name = KINDS[type(held)]
    if len(steps) == 1:
        if name == "array":
            yield from held
        yield held
    elif name == "object":
        yield from _values(held, steps[1:])
    elif name == "array":
        for one in held:
            if KINDS[type(one)] == "object":
                yield from _values(one, steps[1:])
    else:
        yield MISSING


def _equals(value: Any, where: str) -> Test:
    name = KINDS[type(value)]
    if name == "regex":
        raise NotEvaluated(where, "a regular expression here is not known; use pattern")
    if name == "null":
        return lambda held: held is None or held is MISSING
    return lambda held: equal(held, value)


def _compares(operator: str, value: Any, where: str) -> Test:
    allowed, name = LETTERS[operator], KINDS[type(value)]
    if name == "regex":
        raise NotEvaluated(where, "the server refuses to compare with a regular expression")
    if name == "null":
        return lambda held: 0 in allowed and (held is None or held is MISSING)
    if name in ("minKey", "maxKey"):
        return lambda held: compare(held, value) in allowed
    place = rank(value)
    if name in NUMBERS and numeric(value) != numeric(value):
        return lambda held: 0 in allowed and compare(held, value) == 0

    def compares(held: Any) -> bool:
        if rank(held) != place or (place == 3 and numeric(held) != numeric(held)):
            return False
        return compare(held, value) in allowed

    return compares


def _type_names(value: Any, where: str) -> frozenset[str]:
    found: set[str] = set()
    for one in value if isinstance(value, list) else [value]:
        name = one if isinstance(one, str) else CODES.get(one)
        if name == "number":
            found |= NUMBERS
        elif name in NAMES:
            found.add(name)
        else:
            raise NotEvaluated(where, f"the type {one!r} is not known")
    return frozenset(found)
