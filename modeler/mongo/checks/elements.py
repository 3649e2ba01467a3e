"""What every element of an array must keep, however many dimensions the array has.

PostgreSQL declares no dimensions: each value of an array type has its own, up to six, and the
rules of an element's domain hold in all of them. Source: PostgreSQL manual, 8.15, 8.18.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from modeler.mongo.checks.document import DocumentFields
from modeler.mongo.checks.value import ALWAYS, NEVER, Value, any_of, is_null
from modeler.mongo.filters import NotCarried
from modeler.mongo.types import field_spec
from modeler.schema.column import Column
from modeler.schema.expression import VALUE, Case, Expression, Function, Operation, walk

DIMENSIONS = 6  # MAXDIM of PostgreSQL
NAMES = ["element", *(f"element{number}" for number in range(2, DIMENSIONS + 1))]
GAPS = "PostgreSQL fills the gap with NULL where an element far behind the end is assigned"
# What may come to false of NULL; all else comes to NULL, which no check refuses.
NOT_STRICT = frozenset({"is-null", "is-distinct", "coalesce", "num_nulls", "num_nonnulls",
                        "greatest", "least", "nullif"})  # fmt: skip


def may_refuse_null(condition: Expression) -> bool:
    """Tell whether a condition may be false of an element that is NULL."""
    return any(
        isinstance(part, Case)
        or (isinstance(part, Operation) and part.operator in NOT_STRICT)
        or (isinstance(part, Function) and part.name in NOT_STRICT)
        for part in walk(condition)
    )


def every_element(array: Any, column: Column, accepted: Callable[[DocumentFields], Any]) -> Any:
    """Return an expression that is true where each element of an array is accepted.

    Args:
        array: expression of the array; it is one.
        column: of the array.
        accepted: compiles the condition for an element, the only column of these fields.

    Raises:
        NotCarried: the elements hold values that cannot be compared, or are arrays themselves.
    """
    element = column.element
    spec = field_spec(element, name="") if element is not None else None
    if element is None or spec is None or not spec.types:
        raise NotCarried("what the elements of the array hold has no rule")
    if spec.types[0] == "array":
        raise NotCarried("it is the rule of arrays within an array")
    test: Any = None
    for name, source in _inmost_first(array):
        field = replace(spec, name=name, column=VALUE, null=True)
        document = DocumentFields({VALUE: field}, {VALUE: element}, "$$")
        told = accepted(document)
        if told == ALWAYS:
            return ALWAYS
        here = any_of([*document.guard([VALUE]), told])
        if test is not None:
            here = {"$cond": [{"$isArray": [f"$${name}"]}, test, here]}
        test = {"$allElementsTrue": [{"$map": {"input": source, "as": name, "in": here}}]}
    return test


def may_nest(column: Column) -> bool:
    """Tell whether a column holds arrays that may have several dimensions.

    Of JSON, an array within an array may be an element.
    """
    element = column.element
    if element is None or not field_spec(element, name="").types:
        return False
    return not column.field_type or element.element is not None


def count_of_elements(array: Value) -> Any:
    """Return how many elements an array has in all its dimensions; null where it is."""
    count: Any = None
    for name, source in _inmost_first(array.expression):
        one: Any = 1
        if count is not None:
            one = {"$cond": [{"$isArray": [f"$${name}"]}, count, 1]}
        count = {"$sum": [{"$map": {"input": source, "as": name, "in": one}}]}
    nulls = any_of(is_null(array))
    return count if nulls == NEVER else {"$cond": [nulls, None, count]}


def _inmost_first(array: Any) -> Iterator[tuple[str, Any]]:
    """Yield what an element is called, and the array that holds it, for each dimension."""
    sources = [array, *(f"$${name}" for name in NAMES)]
    return reversed(list(zip(NAMES, sources, strict=False)))
