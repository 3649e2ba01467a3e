"""What a document's field may hold: the value that types give and validators are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from modeler.mongo.formulas.formula import Formula


class HeldBy(StrEnum):
    """Who holds a rule today, on the relational side."""

    DATABASE = "database"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One keyword of ``$jsonSchema`` on a field: ``maxLength``, ``enum``, ``pattern`` …"""

    keyword: str
    value: Any
    held_by: HeldBy


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field of a document.

    Attributes:
        name: key in the document.
        column: the column it comes from; ``""`` inside arrays and ranges, and of a formula.
        types: names for ``bsonType``; what is written is the first.
        null: null is allowed.
        rules: further keywords, in the order they were made.
        guards: aggregation expressions that must be true where the field has a value, as
            ``(reason, expression)``; ``$$value`` in them stands for the field.
        note: what a reader of documents must know of the encoding, one sentence.
        stored: False for what PostgreSQL computes for itself and documents do not hold.
        formula: what PostgreSQL computes for it; None where it holds a column.
    """

    name: str
    column: str
    types: tuple[str, ...]
    null: bool = False
    rules: tuple[FieldRule, ...] = ()
    guards: tuple[tuple[str, Any], ...] = ()
    note: str = ""
    stored: bool = True
    formula: Formula | None = None

    def with_rule(self, keyword: str, value: Any, held_by: HeldBy) -> FieldSpec:
        """Return the field with one keyword more."""
        return replace(self, rules=(*self.rules, FieldRule(keyword, value, held_by)))

    def noted(self, notes: Iterable[str]) -> FieldSpec:
        """Return the field with further notes."""
        return replace(self, note="; ".join([*([self.note] if self.note else []), *notes]))

    def keyword(self, name: str) -> Any:
        """Return a keyword's value, None where the field does not have it."""
        return next((rule.value for rule in self.rules if rule.keyword == name), None)

    def schema(self) -> dict[str, Any]:
        """Return the field's part of ``$jsonSchema``."""
        result: dict[str, Any] = {}
        if self.types:
            types = [*self.types, *(["null"] if self.null else [])]
            result["bsonType"] = types[0] if len(types) == 1 else types
        for rule in self.rules:
            result[rule.keyword] = rule.value
        return result
