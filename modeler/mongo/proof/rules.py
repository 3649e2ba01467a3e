"""What the rules of a validator are called, and who holds them today."""

from __future__ import annotations

import re
from collections.abc import Iterable

from modeler.mongo.aggregate import PartKind
from modeler.mongo.evaluator.broken import Broken
from modeler.mongo.field import FieldSpec
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.validator import conditions

WITHIN = "allOf"
POSITION = re.compile(r"\.\d+(?=\.|$)")


class RuleNames:
    """Names the rules of one collection.

    Args:
        spec: whose validator is evaluated.
    """

    def __init__(self, spec: CollectionSpec) -> None:
        self.conditions = [condition.name for condition in conditions(spec)]
        self.held_by: dict[tuple[str, str], str] = {}
        self._collect("", (*spec.key, *spec.fields))
        self._parts(spec.parts)

    def rule(self, broken: Broken) -> tuple[str, str]:
        """Return the rule's name, and ``database``, ``application`` or ``""``."""
        if broken.position is not None and broken.position < len(self.conditions):
            return self.conditions[broken.position], "database"
        path = POSITION.sub("", broken.place)
        # What validators demand lies within one ``allOf``.
        held = self.held_by.get((path, broken.keyword)) or self.held_by.get((path, WITHIN), "")
        if broken.keyword in ("bsonType", "required", "additionalProperties"):
            held = "database"
        return f"{path} {broken.keyword}".strip(), held

    def _collect(self, start: str, fields: Iterable[FieldSpec]) -> None:
        for field in fields:
            for rule in field.rules:
                self.held_by[f"{start}{field.name}", rule.keyword] = str(rule.held_by)

    def _parts(self, parts: Iterable[PartSpec]) -> None:
        for part in parts:
            if part.kind is PartKind.VALUES:
                for rule in part.fields[0].rules:
                    self.held_by[part.place.path, rule.keyword] = str(rule.held_by)
                continue
            self._collect(f"{part.place.path}.", part.fields)
            self._parts(part.parts)
