"""Specifications with the rules alone that PostgreSQL holds too."""

from __future__ import annotations

from dataclasses import replace

from modeler.mongo.field import FieldSpec, HeldBy
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.spec import CollectionSpec


def database_rules(spec: CollectionSpec) -> CollectionSpec:
    """Return a specification without choices, validators and limits of forms."""
    return replace(
        spec,
        fields=tuple(map(_field, spec.fields)),
        parts=tuple(map(_part, spec.parts)),
    )


def _part(part: PartSpec) -> PartSpec:
    return replace(
        part, fields=tuple(map(_field, part.fields)), parts=tuple(map(_part, part.parts))
    )


def _field(field: FieldSpec) -> FieldSpec:
    rules = tuple(rule for rule in field.rules if rule.held_by is HeldBy.DATABASE)
    return replace(field, rules=rules)
