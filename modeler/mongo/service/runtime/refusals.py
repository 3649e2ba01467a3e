"""Which rule it was: the server's answers, read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, OperationFailure, PyMongoError

from modeler.mongo.service.runtime.collection import Definition

INDEX_NAME = re.compile(r" index: (\S+) dup key")


def taken(
    error: DuplicateKeyError,
    values: Mapping[str, Any],
) -> tuple[str, dict[str, Any]]:
    """Return the index's name, and the values that are taken."""
    details = error.details or {}
    match = INDEX_NAME.search(str(details.get("errmsg", error)))
    pattern = details.get("keyPattern", {})
    # With a collation, keyValue holds the index's own spelling of a text.
    stored = details.get("keyValue", {})
    return match[1] if match else "", {
        name: values.get(name, stored.get(name)) for name in pattern
    }


def broken_rules(
    error: OperationFailure,
    definition: Definition,
    place: Collection[dict[str, Any]] | Database[dict[str, Any]],
    tried: Sequence[Mapping[str, Any]],
) -> tuple[str, ...]:
    """Return the rules that a document breaks.

    The server names fields and keywords. Of expressions it says only that
    one is false, so that each is asked for by itself.

    Args:
        error: the refusal.
        definition: of the collection.
        place: where the pipeline runs.
        tried: stages that give the refused document.
    """
    info = (error.details or {}).get("errInfo") or {}
    details = info.get("details") or {}
    found = list(dict.fromkeys(schema_rules(details, "")))
    if "$expr" not in str(details) or not definition.conditions:
        return tuple(found)
    asked = {
        f"c{number}": {"$cond": [expression, True, False]}
        for number, (_, expression) in enumerate(definition.conditions)
    }
    try:
        (verdicts,) = place.aggregate([*tried, {"$project": asked}])
    except (PyMongoError, ValueError):
        # An expression failed, or the document is gone by now.
        return (*found, "one of the conditions")
    found += [
        name
        for number, (name, _) in enumerate(definition.conditions)
        if not verdicts.get(f"c{number}")
    ]
    return tuple(found)


def schema_rules(details: Any, path: str) -> Iterator[str]:
    """Yield path and keyword of each broken rule of the schema."""
    if isinstance(details, list):
        for part in details:
            yield from schema_rules(part, path)
        return
    if not isinstance(details, dict):
        return
    name = details.get("propertyName", details.get("itemIndex"))
    if name is not None:
        path = f"{path}.{name}".lstrip(".")
    operator = details.get("operatorName", "")
    deeper = [
        value
        for key, value in details.items()
        if key
        in {
            "schemaRulesNotSatisfied",
            "propertiesNotSatisfied",
            "clausesNotSatisfied",
            "details",
        }
    ]
    if operator == "required":
        for missing in details.get("missingProperties", []):
            yield f"{path}.{missing}: required".lstrip(".")
    elif operator == "additionalProperties":
        for extra in details.get("additionalProperties", []):
            yield f"{path}.{extra}: no such field".lstrip(".")
    elif operator and operator not in CONTAINERS and not deeper:
        yield f"{path}: {operator}".lstrip(": ")
    for part in deeper:
        yield from schema_rules(part, path)


# They say that something within them is broken.
CONTAINERS = frozenset({"$jsonSchema", "$and", "$expr", "properties", "items"})
