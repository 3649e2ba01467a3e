"""The validator of a collection: ``$jsonSchema``, and ``$expr`` for what it cannot say.

Source: MongoDB manual, "$jsonSchema" (JSON Schema draft 4 with ``bsonType``; no ``$ref``,
``default``, ``format``; ``exclusiveMinimum`` is a flag).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from modeler.mongo.aggregate import PartKind
from modeler.mongo.field import FieldSpec
from modeler.mongo.parts.place import Place
from modeler.mongo.parts.spec import ROOT, PartSpec
from modeler.mongo.spec import CollectionSpec

# What the synchronisation keeps in a document; who writes documents by hand leaves it out.
SYNC_FIELD = "_sync"


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of ``$expr``.

    Attributes:
        name: of the constraint, or what a guard says of which field.
        expression: true where a document is accepted.
    """

    name: str
    expression: Any


def validator(spec: CollectionSpec) -> dict[str, Any]:
    """Return the validator in Extended JSON.

    Every stored field is required, null where the row has NULL: a missing field and null are
    not the same to a reader, and a writer that forgets one should hear of it.
    """
    properties: dict[str, Any] = {}
    if len(spec.key) == 1:
        properties["_id"] = spec.key[0].schema()
    elif spec.key:
        parts = {field.name.removeprefix("_id."): field.schema() for field in spec.key}
        properties["_id"] = _object(parts, list(parts))
    else:
        properties["_id"] = {}
    properties.update(_properties(spec.fields, spec.parts))
    properties.update({one.field.name: one.field.schema() for one in spec.computed})
    required = [name for name in properties if name != "_id" or spec.key]
    schema = _object({**properties, SYNC_FIELD: {"bsonType": "object"}}, required)
    result: dict[str, Any] = {"$jsonSchema": schema}
    parts_of_and = [condition.expression for condition in conditions(spec)]
    if parts_of_and:
        result["$expr"] = parts_of_and[0] if len(parts_of_and) == 1 else {"$and": parts_of_and}
    return result


def conditions(spec: CollectionSpec) -> tuple[Condition, ...]:
    """Return the parts of ``$expr``, in their order there: the server's errors name none."""
    found = [*_guards(ROOT, (*spec.key, *spec.fields), "$")]
    found += [Condition(check.name, check.expression) for check in spec.checks]
    for part in spec.parts:
        found += _part_conditions(part)
    return tuple(found)


def _part_conditions(part: PartSpec) -> list[Condition]:
    if part.kind is PartKind.VALUES:
        (value,) = part.fields
        found = [
            Condition(f"{part.place.path}: {reason}", part.place.everywhere(guard))
            for reason, guard in _guarded(value, part.place.whole)
        ]
    else:
        found = _guards(part.place, part.fields, part.place.start)
    found += [Condition(check.name, check.expression) for check in part.checks]
    if part.kind is not PartKind.VALUES:
        for inner in part.parts:
            found += _part_conditions(inner)
    return found


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    # Rows whose columns all lie above them are empty documents; the list may not be empty.
    return {
        "bsonType": "object",
        **({"required": required} if required else {}),
        "properties": properties,
        "additionalProperties": False,
    }


def _properties(fields: Iterable[FieldSpec], parts: Iterable[PartSpec]) -> dict[str, Any]:
    made = {field.name: field.schema() for field in fields if field.stored}
    made.update({part.field: _part_schema(part) for part in parts})
    return made


def _part_schema(part: PartSpec) -> dict[str, Any]:
    if part.kind is PartKind.VALUES:
        schema: dict[str, Any] = {"bsonType": "array", "items": part.fields[0].schema()}
        if part.distinct:
            schema["uniqueItems"] = True
    else:
        properties = _properties(part.fields, part.parts)
        row = _object(properties, list(properties))
        if not part.many:
            if part.null:
                row["bsonType"] = ["object", "null"]
            return row
        schema = {"bsonType": "array", "items": row}
    if part.part.first is not None:
        schema["maxItems"] = part.part.first
    return schema


def _guards(place: Place, fields: Iterable[FieldSpec], start: str) -> list[Condition]:
    return [
        Condition(f"{place.path}.{field.name}: {reason}".lstrip("."), place.everywhere(expression))
        for field in fields
        if field.stored
        for reason, expression in _guarded(field, f"{start}{field.name}")
    ]


def _guarded(field: FieldSpec, path: str) -> list[tuple[str, Any]]:
    """Return the field's expressions, each true where the field has no value of its type.

    An aggregation operator fails the whole query on a value of the wrong type, so that the type
    is asked first; ``bsonType`` then says what is wrong.
    """
    return [
        (reason, {"$or": [{"$ne": [{"$type": path}, field.types[0]]}, _at(expression, path)]})
        for reason, expression in field.guards
    ]


def _at(expression: Any, path: str) -> Any:
    """Put the field's path where the expression says ``$$value``."""
    if expression == "$$value":
        return path
    if isinstance(expression, dict):
        return {name: _at(part, path) for name, part in expression.items()}
    if isinstance(expression, list):
        return [_at(part, path) for part in expression]
    return expression
