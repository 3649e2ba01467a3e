"""The same table with other names of columns, wherever it speaks of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from modeler.schema.expression import ColumnRef, Every
from modeler.schema.index import IndexPart
from modeler.schema.table import Table

# Attributes that hold names of the table's own columns.
NAMES = {"columns", "include", "primary_key"}


def with_columns_renamed(table: Table, names: Mapping[str, str]) -> Table:
    """Return the table with columns renamed in keys, parts and expressions, not the columns."""
    changed = {
        name: tuple(renamed(thing, names) for thing in getattr(table, name))
        for name in ("relations", "indexes", "constraints", "triggers")
    }
    key = tuple(names.get(name, name) for name in table.primary_key)
    return replace(table, primary_key=key, **changed)  # type: ignore[arg-type]


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return any value of the vocabulary with the columns that it speaks of renamed."""
    if isinstance(value, ColumnRef):
        row, dot, column = value.column.rpartition(".")
        return replace(value, column=f"{row}{dot}{names.get(column, column)}")
    if isinstance(value, Every):  # its condition names no column of the table
        return replace(value, array=renamed(value.array, names))
    if isinstance(value, tuple):
        return tuple(renamed(item, names) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {}
    for field in fields(value):
        item = getattr(value, field.name)
        if field.name in NAMES:
            changed[field.name] = tuple(names.get(name, name) for name in item)
        elif field.name == "column" and isinstance(value, IndexPart):
            changed[field.name] = names.get(item, item)
        else:
            changed[field.name] = renamed(item, names)
    return replace(value, **changed)
