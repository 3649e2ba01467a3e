"""Documents without secrets and personal data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from modeler.mongo.aggregate import PartKind
from modeler.mongo.field import FieldSpec
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.spec import CollectionSpec
from modeler.schema.schema import Schema
from modeler.schema.table import Table

MASK = "•••"
Path = tuple[str, ...]


def sensitive_paths(schema: Schema, spec: CollectionSpec) -> tuple[str, ...]:
    """Return the dotted paths of all fields whose values must be masked, in their order."""
    root = schema.table(spec.table)
    found = _of_table(root, (*spec.key, *spec.fields), ())
    found += _of_parts(schema, spec.parts, ())
    for one in spec.computed:
        column = one.computed.column
        if column and _is_sensitive(schema.table(one.table), column):
            found.append((one.field.name,))
    return tuple(".".join(path) for path in found)


def masked(document: dict[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Return a copy of a document in which these paths hold the mask; null stays null."""
    result = document
    for path in paths:
        result = _masked(result, tuple(path.split(".")))
    return result


def _masked(value: Any, path: Path) -> Any:
    if isinstance(value, list):
        return [_masked(one, path) for one in value]
    if not path:
        return None if value is None else MASK
    if isinstance(value, dict) and path[0] in value:
        return {**value, path[0]: _masked(value[path[0]], path[1:])}
    return value


def _of_table(table: Table, fields: Iterable[FieldSpec], above: Path) -> list[Path]:
    return [
        (*above, *field.name.split("."))
        for field in fields
        if field.stored and any(_is_sensitive(table, column) for column in _columns(field))
    ]


def _columns(field: FieldSpec) -> tuple[str, ...]:
    """What a formula makes of a secret tells of it."""
    return (field.column,) if field.formula is None else field.formula.columns


def _of_parts(schema: Schema, parts: Iterable[PartSpec], above: Path) -> list[Path]:
    found: list[Path] = []
    for part in parts:
        table, path = schema.table(part.table), (*above, part.field)
        if part.kind is PartKind.VALUES:
            # The value may be of the row that a copy within leads to.
            tables = [table, *(schema.table(inner.table) for inner in part.parts)]
            if any(_is_sensitive(one, part.fields[0].column) for one in tables):
                found.append(path)
            continue
        found += _of_table(table, part.fields, path)
        found += _of_parts(schema, part.parts, path)
    return found


def _is_sensitive(table: Table, column: str) -> bool:
    """A reference is as sensitive as what it refers to says by its own column."""
    return any(one.name == column and one.sensitive for one in table.columns)
