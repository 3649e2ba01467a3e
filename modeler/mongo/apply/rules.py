"""The rules of a validator, one by one, so that each can be asked of a document alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any


def rules(
    validator: dict[str, Any], conditions: Sequence[str] = ()
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the parts of a validator that can be asked alone, each with a name.

    Args:
        validator: in Extended JSON.
        conditions: what the parts of its ``$expr`` are called, in their order; without them
            they are numbered.
    """
    for key, value in validator.items():
        if key == "$jsonSchema":
            yield from _schema_rules(value)
        elif key == "$expr":
            yield from _conditions(value, conditions)
        else:
            yield f"the condition on {key}", {key: value}


def _conditions(value: Any, names: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    several = isinstance(value, dict) and set(value) == {"$and"}
    parts = value["$and"] if several else [value]
    for number, part in enumerate(parts):
        if len(names) == len(parts):
            yield f"the condition {names[number]}", {"$expr": part}
        else:
            yield f"expression {number + 1} of {len(parts)}", {"$expr": part}


def _schema_rules(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for field in schema.get("required", ()):
        yield f"{field} is missing", {"$jsonSchema": {"required": [field]}}
    properties = schema.get("properties", {})
    for field, rule in properties.items():
        yield f"the rules of {field}", {"$jsonSchema": {"properties": {field: rule}}}
    if schema.get("additionalProperties") is False:
        known: dict[str, Any] = {field: {} for field in properties}
        closed = {"properties": known, "additionalProperties": False}
        if patterns := schema.get("patternProperties"):
            closed["patternProperties"] = {pattern: {} for pattern in patterns}
        yield "it has fields that are not specified", {"$jsonSchema": closed}
    apart = {"required", "properties", "additionalProperties", "bsonType", "title", "description"}
    for keyword, value in schema.items():
        if keyword not in apart:
            yield f"the rule {keyword}", {"$jsonSchema": {keyword: value}}
