"""Types of values, and numbers turned into other types of numbers.

Source: MongoDB manual, "$type", "$convert". Texts are not parsed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from modeler.mongo.evaluator.arrays import is_true
from modeler.mongo.evaluator.dates import millis
from modeler.mongo.evaluator.errors import EvaluationError, ExpressionFailed
from modeler.mongo.evaluator.expression import Operator
from modeler.mongo.evaluator.kinds import INT32, INT64, KINDS, NULLISH, NUMBERS, kind
from modeler.mongo.evaluator.numbers import decimal_of, integer, numeric
from modeler.mongo.evaluator.operands import calling


def _is_number(value: Any) -> bool:
    return KINDS[type(value)] in NUMBERS


def _number(operator: str, value: Any, convert: Callable[[Any], Any]) -> Any:
    name = KINDS[type(value)]
    if name in NULLISH:
        return None
    if name in NUMBERS:
        return convert(numeric(value))
    if name == "bool":
        return convert(int(value))
    if name == "string":
        raise EvaluationError(f"{operator} meets a text, which the evaluator does not parse")
    if name == "date" and operator != "$toInt":
        return convert(millis(value))
    raise ExpressionFailed(f"{operator} does not support a {kind(value)}")


def _whole(operator: str, limit: int) -> Callable[[Any], Any]:
    def convert(number: Any) -> Any:
        if number != number or number in (math.inf, -math.inf):
            raise ExpressionFailed(f"{operator} does not support {number}")
        whole = int(number)
        if not -limit <= whole < limit:
            raise ExpressionFailed(f"{number} would overflow in {operator}")
        return integer(whole, long=limit == INT64)

    return lambda value: _number(operator, value, convert)


def _to_double(value: Any) -> Any:
    return _number("$toDouble", value, _float)


def _float(number: Any) -> float:
    result = float(number)
    if math.isinf(result) and isinstance(number, Decimal) and number.is_finite():
        raise ExpressionFailed(f"{number} would overflow in $toDouble")
    return result


def _to_decimal(value: Any) -> Any:
    return _number("$toDecimal", value, decimal_of)


def _to_bool(value: Any) -> Any:
    return None if KINDS[type(value)] in NULLISH else is_true(value)


CONVERSION_OPERATORS: dict[str, Operator] = {
    "$type": calling(kind, 1, 1),
    "$isNumber": calling(_is_number, 1, 1, boolean=True),
    "$toInt": calling(_whole("$toInt", INT32), 1, 1),
    "$toLong": calling(_whole("$toLong", INT64), 1, 1),
    "$toDouble": calling(_to_double, 1, 1),
    "$toDecimal": calling(_to_decimal, 1, 1),
    "$toBool": calling(_to_bool, 1, 1),
}
