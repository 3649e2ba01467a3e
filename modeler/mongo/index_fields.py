"""The fields that an index names, and the filter that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modeler.mongo.field import FieldSpec
from modeler.mongo.filters import NotCarried, not_null, partial_filter
from modeler.schema.expression import columns_of
from modeler.schema.index import Index, IndexPart


def column_of(part: IndexPart, fields: Mapping[str, FieldSpec]) -> FieldSpec:
    if not part.column:
        raise NotCarried("an expression would need a field that stores its result")
    return held(part.column, fields)


def held(column: str, fields: Mapping[str, FieldSpec]) -> FieldSpec:
    field = fields.get(column)
    if field is None or not field.stored:
        raise NotCarried(f"the document does not hold the column {column}")
    return field


def filter_of(index: Index, fields: Mapping[str, FieldSpec]) -> dict[str, Any]:
    """The partial filter: the condition, and for unique keys that every column has a value.

    In PostgreSQL NULLs differ from each other unless NULLS NOT DISTINCT; in MongoDB null equals
    null and equals missing.
    """
    parts: list[dict[str, Any]] = []
    if index.condition is not None:
        compiled = partial_filter(index.condition, fields)
        parts += compiled["$and"] if set(compiled) == {"$and"} else [compiled]
    if index.unique and index.nulls_distinct:
        columns = [name for part in index.parts for name in _columns(part)]
        parts += [
            not_null(fields[name]) for name in columns if name in fields and fields[name].null
        ]
    merged: list[dict[str, Any]] = []
    for part in parts:
        if part not in merged:
            merged.append(part)
    if len(merged) <= 1:
        return merged[0] if merged else {}
    names = [name for part in merged for name in part]
    if len(set(names)) == len(names) and not any(name.startswith("$") for name in names):
        return {name: value for part in merged for name, value in part.items()}
    return {"$and": merged}


def _columns(part: IndexPart) -> tuple[str, ...]:
    return (part.column,) if part.column else columns_of(part.expression)
