"""Values at the edges of constraints: some satisfy a condition, some do not.

They are not checked here; PostgreSQL says which rows it takes, before and after a migration.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import suppress
from datetime import timedelta
from itertools import islice, product
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.constants import LOOKUP_SEP
from django.db.models.lookups import Lookup

from modeler.previews.replay.field_values import FieldValues, NoValue

MOST_ROWS = 24
PRESENT = object()
COMPARED = frozenset(("gt", "gte", "lt", "lte", "range"))


def condition_of(constraint: models.BaseConstraint) -> Q | None:
    """Return the condition of a check or of a conditional unique constraint."""
    found = getattr(constraint, "condition", None)
    return found if found is not None else getattr(constraint, "check", None)


def fields_in(condition: Any) -> set[str]:
    """Return the names of the fields that a condition speaks of."""
    return {name for name, _, _ in _leaves(condition)}


def patterns_in(condition: Any) -> Iterator[tuple[str, str, bool]]:
    """Yield (field name, regular expression, whether case does not matter) of a condition."""
    for name, lookup, operand in _leaves(condition):
        text = getattr(operand, "value", operand)
        if lookup in ("regex", "iregex") and isinstance(text, str):
            yield name, text, lookup == "iregex"


def edge_rows(
    condition: Any, values: dict[str, FieldValues], optional: Set[str] = frozenset()
) -> Iterator[dict[str, Any]]:
    """Yield values for the fields of a condition, at most MOST_ROWS rows.

    Args:
        condition: a ``Q``, a lookup or another boolean expression.
        values: by field name; fields that are not in it are left alone.
        optional: names of foreign keys that may be NULL: they are None or left out of a row.
    """
    found: dict[str, list[Any]] = {}
    for name, lookup, operand in _leaves(condition):
        if name in optional:
            found[name] = [None, PRESENT]
        if name in values:
            kept = found.setdefault(name, [])
            for value in _edges(values[name], lookup, operand):
                if value not in kept and values[name].accepts(value):
                    kept.append(value)
    names = [name for name in found if found[name]]
    rows = product(*(found[name] for name in names))
    for row in islice(rows, MOST_ROWS):
        pairs = zip(names, row, strict=True)
        yield {name: value for name, value in pairs if value is not PRESENT}


def _leaves(condition: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield (field name, lookup, operand) of every comparison."""
    if isinstance(condition, Q):
        for child in condition.children:
            if isinstance(child, tuple):
                name, *lookups = child[0].split(LOOKUP_SEP)
                yield name, LOOKUP_SEP.join(lookups) or "exact", child[1]
                yield from _leaves(child[1])
            else:
                yield from _leaves(child)
    elif isinstance(condition, F):
        path: str = condition.name  # type: ignore[attr-defined]
        yield path.split(LOOKUP_SEP)[0], "", None
    elif isinstance(condition, Lookup):
        if isinstance(condition.lhs, F):
            side: Any = condition.lhs
            yield side.name, condition.lookup_name or "", condition.rhs
        for side in (condition.lhs, condition.rhs):
            yield from _leaves(side)
    elif hasattr(condition, "get_source_expressions"):
        for source in condition.get_source_expressions():
            yield from _leaves(source)
    elif isinstance(condition, (list, tuple)):
        for item in condition:
            yield from _leaves(item)


def _edges(values: FieldValues, lookup: str, operand: Any) -> Iterator[Any]:
    operand = getattr(operand, "value", operand)  # Value(3)
    if hasattr(operand, "resolve_expression"):
        pass  # another column: the ends of both are tried
    elif lookup in ("exact", "iexact"):
        yield operand
    elif lookup == "in" and isinstance(operand, (list, tuple, set, frozenset)):
        yield from islice(operand, 2)
    elif lookup in COMPARED:
        for bound in operand if isinstance(operand, (list, tuple)) else (operand,):
            yield from _around(bound)
    elif isinstance(operand, str):
        yield from (operand, f"{operand}x")
    yield from islice(values.choices(), 2)
    with suppress(NoValue):
        yield values.plain(1)
    if values.field.null:
        yield None
    yield from values.ends() or ()


def _around(bound: Any) -> Iterator[Any]:
    yield bound
    for step in (1, timedelta(days=1)):
        try:
            yield bound + step
            yield bound - step
        except (TypeError, OverflowError):
            continue
