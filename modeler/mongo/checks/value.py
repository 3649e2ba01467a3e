"""What part of a check has as its value: an aggregation expression that knows when it is null."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modeler.mongo.field import FieldSpec

NUMBERS = frozenset({"int", "long", "decimal", "double"})
WHOLE = frozenset({"int", "long"})
NEVER: dict[str, Any] = {"$literal": False}
ALWAYS: dict[str, Any] = {"$literal": True}


@dataclass(frozen=True, slots=True)
class Value:
    """A value within a document.

    Attributes:
        expression: an aggregation expression, in Extended JSON.
        kind: name of its BSON type; ``day`` for a date at midnight, ``""`` where any may come.
        nulls: expressions of which each is null exactly where the value may be null for it: of
            strict operators those of all operands, so that the value is null where one is.
        is_constant: it is a literal.
    """

    expression: Any
    kind: str
    nulls: tuple[Any, ...] = ()
    is_constant: bool = False

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS


def is_null(value: Value) -> list[Any]:
    """Return conditions of which one is true exactly where the value is null."""
    return [{"$eq": [part, None]} for part in value.nulls]


def any_of(conditions: list[Any]) -> Any:
    """Return the disjunction, without what is always false."""
    return _joined("$or", conditions, NEVER, ALWAYS)


def all_of(conditions: list[Any]) -> Any:
    """Return the conjunction, without what is always true."""
    return _joined("$and", conditions, ALWAYS, NEVER)


def _joined(word: str, conditions: list[Any], neutral: Any, deciding: Any) -> Any:
    parts: list[Any] = []
    for condition in conditions:
        if condition == deciding:
            return deciding
        if condition == neutral:
            continue
        inner = (
            condition.get(word) if isinstance(condition, dict) and len(condition) == 1 else None
        )
        for part in inner or [condition]:
            if part not in parts:
                parts.append(part)
    if not parts:
        return neutral
    return parts[0] if len(parts) == 1 else {word: parts}


def field_value(field: FieldSpec, kind: str, start: str) -> Value:
    """Return a field's value.

    Args:
        field: of the document or of an embedded one.
        kind: see ``Value``.
        start: ``$`` at the top, ``$$item.`` inside of an array.
    """
    path = f"{start}{field.name}"
    if not field.null:
        return Value(path, kind)
    # A field that is missing counts as null, as it does for whoever reads documents.
    present = {"$ifNull": [path, None]}
    return Value(present, kind, (present,))
