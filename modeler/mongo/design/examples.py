"""Example documents of a shape, generated from its fields.

They show where things lie and of which type they are, no more: values are made up by type, and a
pattern is not followed. Where real rows are at hand, ``build`` makes the documents instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from modeler.mongo.aggregate import Aggregate, PartKind
from modeler.mongo.field import FieldSpec
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.spec import CollectionSpec, aggregate_specs
from modeler.schema.schema import Schema

# Makes a document, in Extended JSON, of a specification.
Build = Callable[[CollectionSpec], dict[str, Any]]

VALUES: dict[str, Any] = {
    "int": 1,
    "long": {"$numberLong": "1"},
    "double": 1.5,
    "decimal": {"$numberDecimal": "9.90"},
    "bool": True,
    "date": {"$date": "2026-01-31T12:00:00Z"},
    "binData": {"$uuid": "01900000-0000-7000-8000-000000000001"},
    "object": {},
    "array": [],
}


def example(schema: Schema, aggregate: Aggregate, build: Build | None = None) -> dict[str, Any]:
    """Return a document of a shape, in Extended JSON.

    Args:
        schema: the whole.
        aggregate: the shape.
        build: makes the document, of real rows for example; generated if not given.

    Raises:
        ShapeError: the shape does not fit the schema.
    """
    (spec,) = aggregate_specs(schema, (aggregate,))
    return (build or generated)(spec)


def generated(spec: CollectionSpec) -> dict[str, Any]:
    """Return a document with a value in each field."""
    document: dict[str, Any] = {}
    if len(spec.key) == 1:
        document["_id"] = _value(spec.key[0])
    elif spec.key:
        document["_id"] = {field.name.removeprefix("_id."): _value(field) for field in spec.key}
    else:
        document["_id"] = {"$oid": "650000000000000000000001"}
    document.update(_fields(spec.fields))
    document.update(_parts(spec.parts))
    document.update({one.field.name: _value(one.field) for one in spec.computed})
    return document


def _fields(fields: Iterable[FieldSpec]) -> dict[str, Any]:
    return {field.name: _value(field) for field in fields if field.stored}


def _parts(parts: Iterable[PartSpec]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for part in parts:
        if part.kind is PartKind.VALUES:
            made[part.field] = [_value(part.fields[0])]
            continue
        row = {**_fields(part.fields), **_parts(part.parts)}
        made[part.field] = [row] if part.many else row
    return made


def _value(field: FieldSpec) -> Any:
    choices = field.keyword("enum")
    if choices:
        return next((choice for choice in choices if choice not in (None, "")), choices[0])
    kind = field.types[0] if field.types else ""
    if kind == "string":
        longest = field.keyword("maxLength") or 40
        return (field.column or field.name).removesuffix("_id").replace("_", " ")[:longest]
    if kind == "binData" and "16 bytes" not in str(field.guards):
        return VALUES[kind] if field.guards else {"$binary": {"base64": "", "subType": "00"}}
    return VALUES.get(kind)
