"""The Python type of a field, as pymongo gives and takes it."""

from __future__ import annotations

from typing import Any

from modeler.mongo.field import FieldSpec
from modeler.mongo.service.layout import Raw, Subscript
from modeler.mongo.types import UUID_NOTE

# BSON's types, with a client whose moments have a time zone and whose UUIDs are standard.
TYPES = {
    "int": "int",
    "long": "Int64",
    "double": "float",
    "decimal": "Decimal128",
    "string": "str",
    "bool": "bool",
    "date": "datetime",
    "binData": "bytes",
    "object": "dict[str, Any]",
    "objectId": "ObjectId",
}
# Beyond so many, the choices are the validator's business alone.
MOST_CHOICES = 20


def annotation(field: FieldSpec) -> Raw | Subscript:
    """Return the type of a field."""
    if not field.types:
        return Raw("Any")
    kind = field.types[0]
    choices = field.keyword("enum")
    if kind in ("string", "int") and choices and len(choices) <= MOST_CHOICES:
        values = [choice for choice in choices if type(choice) in (str, int)]
        if values and len(values) >= len(choices) - 1:
            return Subscript("Literal", (*values, *([None] if field.null else [])))
    return Raw(_name(field, kind) + (" | None" if field.null else ""))


def _name(field: FieldSpec, kind: str) -> str:
    if kind == "array":
        return _array(field.keyword("items") or {}, uuid=UUID_NOTE in field.note)
    if kind == "object" and field.keyword("additionalProperties"):
        return "dict[str, str | None]"
    if kind == "binData" and UUID_NOTE in field.note:
        return "UUID"
    return TYPES.get(kind, "Any")


def _array(items: dict[str, Any], *, uuid: bool) -> str:
    """Return the type of an array by what its elements are; arrays may lie in arrays."""
    told = items.get("bsonType", [])
    kinds = [told] if isinstance(told, str) else told
    if not kinds:
        return "list[Any]"
    if kinds[0] == "array":
        inner = _array(items.get("items") or {}, uuid=uuid)
    elif kinds[0] == "binData" and uuid:
        inner = "UUID"
    else:
        inner = TYPES.get(kinds[0], "Any")
    return f"list[{inner} | None]" if "null" in kinds and inner != "Any" else f"list[{inner}]"
