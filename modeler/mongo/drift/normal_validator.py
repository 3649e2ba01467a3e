"""Validators in the form in which they are compared.

Source: MongoDB manual, "$jsonSchema", "Specify JSON Schema Validation".
"""

from __future__ import annotations

import json
from typing import Any

from modeler.mongo.drift.normal_value import normal_value

# Keywords whose value is a set, written as a list.
SETS = frozenset({"required", "enum", "bsonType", "type"})
NAMED_SCHEMAS = frozenset({"properties", "patternProperties"})
LISTS_OF_SCHEMAS = frozenset({"allOf", "anyOf", "oneOf"})
SCHEMAS = frozenset({"items", "additionalItems", "additionalProperties", "not"})
OPEN = frozenset({"additionalProperties", "additionalItems"})


def normal_validator(validator: dict[str, Any] | None) -> dict[str, Any]:
    """Return a validator whose sets are ordered and whose whole numbers are alike.

    Args:
        validator: in Extended JSON, from a specification or from a server.
    """
    return {
        name: normal_schema(value) if name == "$jsonSchema" else normal_value(value)
        for name, value in (validator or {}).items()
    }


def normal_schema(schema: Any) -> Any:
    """Return a ``$jsonSchema`` in the same form."""
    if not isinstance(schema, dict):
        return schema  # additionalProperties: false
    result: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in OPEN and value is True:
            continue  # as if it were not there
        if keyword in NAMED_SCHEMAS:
            result[keyword] = {name: normal_schema(part) for name, part in value.items()}
        elif keyword in LISTS_OF_SCHEMAS or (keyword == "items" and isinstance(value, list)):
            result[keyword] = [normal_schema(part) for part in value]
        elif keyword in SCHEMAS:
            result[keyword] = normal_schema(value)
        elif keyword in SETS:
            members = value if isinstance(value, list) else [value]
            result[keyword] = sorted(map(normal_value, members), key=_order)
        else:
            result[keyword] = normal_value(value)
    return result


def _order(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
