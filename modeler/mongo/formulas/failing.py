"""Whether an expression has a value for every row: a division has not."""

from __future__ import annotations

from modeler.mongo.formulas.functions import NEVER_FAILING, NEVER_FAILING_OPERATORS
from modeler.schema.expression import Cast, Expression, Function, Operation, walk


def may_fail(expression: Expression) -> bool:
    """Tell whether PostgreSQL may refuse to compute it for some row: a division by zero."""
    for part in walk(expression):
        match part:
            case Operation(operator=operator) if operator not in NEVER_FAILING_OPERATORS:
                return True
            case Function(name=name) if name not in NEVER_FAILING:
                return True
            case Cast(type=kind) if kind not in ("text", "character varying"):
                return True
    return False
