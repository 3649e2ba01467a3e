"""A collection's documents as a tree that a page can draw: fields in boxes within boxes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from modeler.mongo.aggregate import PartKind
from modeler.mongo.field import FieldSpec
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.spec import CollectionSpec

MANY = frozenset({PartKind.ARRAY, PartKind.PATH, PartKind.VALUES})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field: its name, its BSON types, whether it may be null, what it refers to."""

    name: str
    types: str
    null: bool
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A document, or the documents of an array.

    Attributes:
        name: the field, the collection's name for the root.
        table: whose rows they are.
        kind: in words, ``""`` for the root.
        many: an array.
        copied: a copy of rows that live elsewhere.
        leaves: fields.
        boxes: what lies within.
    """

    name: str
    table: str
    kind: str
    many: bool
    copied: bool
    leaves: tuple[Leaf, ...]
    boxes: tuple[Box, ...] = ()


def document_tree(spec: CollectionSpec, references: dict[str, str]) -> Box:
    """Return the tree of one collection.

    Args:
        spec: of the collection.
        references: key of the table that a column of the root refers to, by column.
    """
    leaves = [_leaf(field, references) for field in (*spec.key, *spec.fields) if field.stored]
    leaves += [_leaf(one.field, {}) for one in spec.computed]
    boxes = tuple(_box(part) for part in spec.parts)
    return Box(
        spec.name, spec.table, "", many=False, copied=False, leaves=tuple(leaves), boxes=boxes
    )


def tables_of(spec: CollectionSpec) -> tuple[str, ...]:
    """Return the keys of all tables that documents are made of, the root first."""
    found: dict[str, None] = {spec.table: None}

    def collect(parts: Iterable[PartSpec]) -> None:
        for part in parts:
            found[part.table] = None
            collect(part.parts)

    collect(spec.parts)
    return tuple(found)


def _leaf(field: FieldSpec, references: dict[str, str]) -> Leaf:
    types = " | ".join(field.types) or _("any")
    return Leaf(field.name, types, field.null, references.get(field.column, ""))


def _box(part: PartSpec) -> Box:
    kinds = {
        PartKind.ARRAY: _("array of documents"),
        PartKind.ONE: _("document"),
        PartKind.VALUES: _("array of values"),
        PartKind.COPY: _("copy"),
        PartKind.PATH: _("array of ancestors"),
    }
    kind = kinds[part.kind]
    if part.part.first is not None:
        kind += " " + _("(the first %(number)d)") % {"number": part.part.first}
    copied = part.kind in (PartKind.COPY, PartKind.PATH)
    leaves = tuple(_leaf(field, {}) for field in part.fields if field.stored)
    inner = () if part.kind is PartKind.VALUES else tuple(_box(each) for each in part.parts)
    return Box(part.field, part.table, kind, part.kind in MANY, copied, leaves, inner)
