"""Conditions on the elements of one array, joined into one: its elements are read once.

The verdict stays: all conditions must hold, for all elements, whatever comes first; one that fails
refuses the document as one that is false does.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bson import json_util


def merged(parts: Sequence[Any]) -> list[Any]:
    """Return conditions that all must hold, those on the elements of the same array as one.

    Args:
        parts: expressions; the form that is joined is ``{$or: [{$not: [{$isArray: [A]}]},
            {$allElementsTrue: [{$map: {input: A, as: name, in: condition}}]}]}``.
    """
    found: list[Any] = []
    bodies: dict[str, list[Any]] = {}
    for part in parts:
        each = _each(part)
        if each is None:
            found.append(part)
            continue
        held = json.dumps([each["input"], each.get("as")], default=json_util.default)
        if held in bodies:
            bodies[held].append(each["in"])
            continue
        bodies[held] = [each["in"]]
        joined = {**each, "in": {"$and": bodies[held]}}
        guard, _ = part["$or"]
        found.append({"$or": [guard, {"$allElementsTrue": [{"$map": joined}]}]})
    return found


def _each(part: Any) -> dict[str, Any] | None:
    """Return the ``$map`` of a condition on every element, None for any other expression."""
    match part:
        case {
            "$or": [
                {"$not": [{"$isArray": [guarded]}]},
                {"$allElementsTrue": [{"$map": {"input": array, "in": _} as each}]},
            ]
        } if guarded == array and len(part) == 1:
            return each
    return None
