"""Uniqueness among the rows of one array, which no index of MongoDB holds.

Source: MongoDB manual, "Unique Indexes" (a unique multikey index compares documents with each
other, never elements of one document), "$setUnion".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modeler.mongo.checks.check import CheckSpec
from modeler.mongo.checks.document import DocumentFields
from modeler.mongo.checks.logic import Logic
from modeler.mongo.checks.value import ALWAYS, all_of, is_null
from modeler.mongo.parts.place import Place
from modeler.schema.expression import Expression, columns_of


def unique_within(
    name: str,
    place: Place,
    document: DocumentFields,
    keys: Sequence[Expression],
    *,
    condition: Expression | None = None,
    nulls_distinct: bool = True,
) -> CheckSpec:
    """Return a check that no two rows of an array have the same key.

    Args:
        name: of the constraint.
        place: of the rows, the last step an array.
        document: fields of a row there.
        keys: the columns or expressions, without those that say whose row it is; none where a
            document may have one row.
        condition: of a partial index: the rows it speaks of.
        nulls_distinct: rows with a NULL in the key never equal each other.

    Raises:
        NotCarried: a part has no exact counterpart.
    """
    logic = Logic(document)
    values = [logic.value(key) for key in keys]
    wanted: list[Any] = []
    if condition is not None:
        # Rows of a wrong type are refused by the schema; here they would stop the expression.
        wanted += [{"$not": [wrong]} for wrong in document.guard(columns_of(condition))]
        wanted.append({"$not": [logic.not_true(condition)]})
    if nulls_distinct:
        wanted += [{"$ne": test["$eq"]} for value in values for test in is_null(value)]
    variable = place.whole.removeprefix("$$")
    rows: Any = place.array
    chosen = all_of(wanted)
    if chosen != ALWAYS:
        rows = {"$filter": {"input": rows, "as": variable, "cond": chosen}}
    if not values:
        told: Any = {"$lte": [{"$size": rows}, 1]}
    else:
        parts = [value.expression for value in values]
        key = parts[0] if len(parts) == 1 else parts
        each = {"$map": {"input": rows, "as": variable, "in": key}}
        told = {
            "$let": {
                "vars": {"keys": each},
                "in": {"$eq": [{"$size": "$$keys"}, {"$size": {"$setUnion": ["$$keys"]}}]},
            }
        }
    return CheckSpec(name, place.around(told), "; ".join(logic.notes))
