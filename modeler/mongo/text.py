"""Collection specifications as calm text for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from modeler.mongo.aggregate import PartKind
from modeler.mongo.field import FieldSpec, HeldBy
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.spec import CollectionSpec


def to_text(specs: Iterable[CollectionSpec]) -> str:
    """Return a paragraph a collection: its fields, indexes and what is not carried."""
    blocks = [_collection(spec) for spec in specs]
    return "\n\n".join(blocks) + "\n" if blocks else "No tables, so no collections.\n"


def _collection(spec: CollectionSpec) -> str:
    rows = [(field.name, _told(field)) for field in (*spec.key, *_stored(spec.fields))]
    rows += _parts(spec.parts, "")
    rows += [(one.field.name, f"{describe(one.field)}, {one.field.note}") for one in spec.computed]
    width = max((len(name) for name, _ in rows), default=0)
    lines = [f"{spec.name}  (from {spec.table})"]
    lines += [f"  {name:<{width}}  {text}" for name, text in rows]
    lines += [f"  check {name}" for name in check_names(spec)]
    for index in spec.indexes:
        keys = ", ".join(f"{name} {kind}" for name, kind in index.keys)
        options = ", ".join(_option(name, value) for name, value in index.options)
        lines.append(f"  index ({keys}){' ' + options if options else ''}  from {index.source}")
    lines += [f"  {f.level}: {f.message} [{f.code}]" for f in spec.findings]
    return "\n".join(lines)


def _parts(parts: Iterable[PartSpec], indent: str) -> list[tuple[str, str]]:
    """A line a part, then its fields one step further in."""
    rows: list[tuple[str, str]] = []
    for part in parts:
        rows.append((indent + part.field, describe_part(part)))
        if part.kind is PartKind.VALUES:
            continue
        inner = indent + "  "
        rows += [(inner + field.name, _told(field)) for field in _stored(part.fields)]
        rows += _parts(part.parts, inner)
    return rows


def describe_part(part: PartSpec) -> str:
    """Return what an embedded part is, in words."""
    by = f"{part.table}, by {part.part.relation}"
    match part.kind:
        case PartKind.ARRAY if part.part.first is not None:
            return f"array of the first {part.part.first} rows of {by}"
        case PartKind.ARRAY:
            return f"array of rows of {by}"
        case PartKind.ONE:
            return f"the row of {by}, or null"
        case PartKind.VALUES:
            value = describe(part.fields[0])
            name = part.fields[0].column or part.fields[0].name
            return f"array of {name} of {by}: {value}{', none twice' if part.distinct else ''}"
        case PartKind.COPY:
            return f"copy of the row of {by}{', or null' if part.null else ''}"
    return f"array of rows of {by}, from the top by {part.part.up}"


def check_names(spec: CollectionSpec) -> list[str]:
    """Return the constraints that the validator carries, those of parts after the root's."""
    return [check.name for check in spec.checks] + _names_within(spec.parts)


def _names_within(parts: Iterable[PartSpec]) -> list[str]:
    names: list[str] = []
    for part in parts:
        names += [check.name for check in part.checks]
        names += _names_within(part.parts)
    return names


def _stored(fields: Iterable[FieldSpec]) -> list[FieldSpec]:
    return [field for field in fields if field.stored]


def _told(field: FieldSpec) -> str:
    told = describe(field)
    return told if field.formula is None else f"{told}, {field.formula.sql} by PostgreSQL"


def describe(field: FieldSpec) -> str:
    """Return a field's rules in words, the application's own marked as such."""
    # Without types there is no rule, for null neither.
    types = [*field.types, *(["null"] if field.null else [])] if field.types else ["any"]
    parts = [" or ".join(types)]
    parts += [
        f"{rule.keyword} {_short(rule.value)}"
        + (" (held by Django alone)" if rule.held_by is HeldBy.APPLICATION else "")
        for rule in field.rules
        if not rule.keyword.startswith("exclusive")
    ]
    return ", ".join(parts)


def _option(name: str, value: Any) -> str:
    return name if value is True else f"{name} {_short(value)}"


def _short(value: Any) -> str:
    if isinstance(value, dict) and len(value) == 1:
        ((name, inner),) = value.items()
        if name.startswith("$number"):
            return str(inner)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"
