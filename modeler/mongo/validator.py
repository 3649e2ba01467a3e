"""The validator of a collection: ``$jsonSchema``, and ``$expr`` for what it cannot say.

Source: MongoDB manual, "$jsonSchema" (JSON Schema draft 4 with ``bsonType``; no ``$ref``,
``default``, ``format``; ``exclusiveMinimum`` is a flag).
"""

from __future__ import annotations

from typing import Any

from modeler.mongo.field import FieldSpec
from modeler.mongo.spec import CollectionSpec


def validator(spec: CollectionSpec) -> dict[str, Any]:
    """Return the validator in Extended JSON.

    Every stored field is required, null where the row has NULL: a missing field and null are
    not the same to a reader, and a writer that forgets one should hear of it.
    """
    fields = [field for field in spec.fields if field.stored]
    properties: dict[str, Any] = {}
    if len(spec.key) == 1:
        properties["_id"] = spec.key[0].schema()
    elif spec.key:
        parts = {field.name.removeprefix("_id."): field.schema() for field in spec.key}
        properties["_id"] = {"bsonType": "object", "required": list(parts), "properties": parts}
        properties["_id"]["additionalProperties"] = False
    else:
        properties["_id"] = {}
    properties.update({field.name: field.schema() for field in fields})
    schema = {
        "bsonType": "object",
        "required": [name for name in properties if name != "_id" or spec.key],
        "properties": properties,
        "additionalProperties": False,
    }
    result: dict[str, Any] = {"$jsonSchema": schema}
    conditions = [guard for field in (*spec.key, *fields) for guard in _guards(field)]
    conditions += [check.expression for check in spec.checks]
    if conditions:
        result["$expr"] = conditions[0] if len(conditions) == 1 else {"$and": conditions}
    return result


def _guards(field: FieldSpec) -> list[Any]:
    """Return the field's expressions, each true where the field has no value of its type.

    An aggregation operator fails the whole query on a value of the wrong type, so that the type
    is asked first; ``bsonType`` then says what is wrong.
    """
    guarded = []
    for _, expression in field.guards:
        path = f"${field.name}"
        guarded.append(
            {
                "$or": [
                    {"$ne": [{"$type": path}, field.types[0]]},
                    _at(expression, path),
                ]
            }
        )
    return guarded


def _at(expression: Any, path: str) -> Any:
    """Put the field's path where the expression says ``$$value``."""
    if expression == "$$value":
        return path
    if isinstance(expression, dict):
        return {name: _at(part, path) for name, part in expression.items()}
    if isinstance(expression, list):
        return [_at(part, path) for part in expression]
    return expression
