"""Paths into JSON columns: ``->``, ``#>`` and their text twins."""

from __future__ import annotations

import re

from modeler.schema.expression import ColumnRef, Expression, Literal, Operation
from modeler.schema.sql_constants import array_elements

# A key of digits means a position in an array, as Django's lookups read it.
POSITION = re.compile(r"-?\d+")


def json_step(left: Expression, operator: str, right: Expression) -> Expression | None:
    """Return the column one step deeper, None where that is no step from a JSON column.

    ``->>`` and ``#>>`` give text, so the last step stays an operation over the column above it.
    """
    if not isinstance(left, ColumnRef):
        return None
    if operator == "->" and isinstance(right, Literal):
        key = _key(right)
        return None if key is None else ColumnRef(left.column, (*left.path, key))
    if operator in {"#>", "#>>"}:
        members = array_elements(right) or ()
        keys = [m.value for m in members if isinstance(m, Literal) and m.type == "text"]
        if not keys or len(keys) != len(members):
            return None
        if operator == "#>":
            return ColumnRef(left.column, (*left.path, *keys))
        above = ColumnRef(left.column, (*left.path, *keys[:-1]))
        last = keys[-1]
        if POSITION.fullmatch(last):
            return Operation("->>", (above, Literal("integer", last)))
        return Operation("->>", (above, Literal("text", last)))
    return None


def _key(right: Literal) -> str | None:
    if right.type == "integer":
        return right.value
    if right.type == "text" and not POSITION.fullmatch(right.value):
        return right.value
    return None
