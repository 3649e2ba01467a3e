"""Operators and functions of SQL that give a value, as aggregation expressions.

Sources: PostgreSQL manual, chapter 9; MongoDB manual, "Expression Operators". Each entry says the
same as PostgreSQL for every value that its types can hold, or is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from modeler.mongo.checks.value import WHOLE, Value, is_null
from modeler.mongo.filters import NotCarried

ARITHMETIC = {"+": "$add", "-": "$subtract", "*": "$multiply", "%": "$mod"}
Maker = Callable[[Sequence[Value]], Value]


def arithmetic(sign: str, operands: Sequence[Value]) -> Value:
    """Return what an operator of numbers or days gives.

    Raises:
        NotCarried: its exact result differs between the two servers.
    """
    if sign == "||":
        return _concatenated(operands)
    if sign != "/" and sign not in ARITHMETIC:
        raise NotCarried(f"the operator {sign} has no exact counterpart")
    if len(operands) == 1 and sign in "+-":
        (number,) = operands
        _want_numbers(sign, operands)
        expression = number.expression
        return Value(
            expression if sign == "+" else {"$multiply": [-1, expression]},
            number.kind,
            number.nulls,
        )
    left, right = operands
    if "day" in (left.kind, right.kind):
        return _days(sign, left, right)
    _want_numbers(sign, operands)
    kind = _wider(left.kind, right.kind)
    if sign == "/":
        if kind not in WHOLE:
            raise NotCarried("PostgreSQL rounds a quotient of decimals to digits of its own")
        if "long" in (left.kind, right.kind):
            raise NotCarried("a quotient of 64-bit numbers is not exact in MongoDB")
        return _strict({"$toInt": {"$trunc": [{"$divide": _both(operands)}]}}, kind, operands)
    if kind == "double" and sign == "%":
        raise NotCarried("PostgreSQL has no remainder of floating-point numbers")
    return _strict({ARITHMETIC[sign]: _both(operands)}, kind, operands)


def call(name: str, arguments: Sequence[Value]) -> Value:
    """Return what a function gives.

    Raises:
        NotCarried: it has no exact counterpart.
    """
    maker = FUNCTIONS.get((name, len(arguments))) or FUNCTIONS.get((name, -1))
    if maker is None:
        raise NotCarried(f"the function {name} has no counterpart that is exact")
    return maker(arguments)


def _strict(expression: Any, kind: str, operands: Sequence[Value]) -> Value:
    return Value(expression, kind, _nulls(operands))


def _nulls(operands: Sequence[Value]) -> tuple[Any, ...]:
    found: list[Any] = []
    for operand in operands:
        found += [part for part in operand.nulls if part not in found]
    return tuple(found)


def _both(operands: Sequence[Value]) -> list[Any]:
    return [operand.expression for operand in operands]


def _wider(left: str, right: str) -> str:
    order = ("int", "long", "decimal", "double")
    return max(left, right, key=order.index)


def _want_numbers(what: str, operands: Sequence[Value]) -> None:
    if not all(operand.is_number for operand in operands):
        raise NotCarried(f"{what} is applied to something that is no number")
    if {"double", "decimal"} <= {operand.kind for operand in operands}:
        raise NotCarried(f"{what} mixes floating-point numbers with decimals")


def _days(sign: str, left: Value, right: Value) -> Value:
    """A date less a date is a number of days; a date and a number is a date."""
    if sign == "-" and left.kind == right.kind == "day":
        days = {"$dateDiff": {"startDate": right.expression, "endDate": left.expression,
                              "unit": "day"}}  # fmt: skip
        return _strict(days, "long", (left, right))
    if sign == "+" and right.kind == "day":
        left, right = right, left
    if sign in "+-" and left.kind == "day" and right.kind in WHOLE:
        word = "$dateAdd" if sign == "+" else "$dateSubtract"
        moved = {word: {"startDate": left.expression, "unit": "day", "amount": right.expression}}
        return _strict(moved, "day", (left, right))
    raise NotCarried(f"the operator {sign} on dates has no exact counterpart")


def _concatenated(operands: Sequence[Value]) -> Value:
    if any(operand.kind != "string" for operand in operands):
        raise NotCarried("|| joins something that is no text")
    return _strict({"$concat": _both(operands)}, "string", operands)


def _unless_null(operands: Sequence[Value], expression: Any) -> Any:
    """Return null where an operand is; some operators fail on null instead of passing it on."""
    conditions = [condition for operand in operands for condition in is_null(operand)]
    if not conditions:
        return expression
    told = conditions[0] if len(conditions) == 1 else {"$or": conditions}
    return {"$cond": [told, None, expression]}


def _of_text(make: Callable[[list[Any]], Any], kind: str = "string") -> Maker:
    def maker(operands: Sequence[Value]) -> Value:
        if operands[0].kind != "string":
            raise NotCarried("a function of texts is applied to something else")
        expression = _unless_null(operands, make(_both(operands)))
        return Value(expression, kind, _nulls(operands))

    return maker


def _of_number(make: Callable[[list[Any]], Any], *, whole_too: bool = True) -> Maker:
    def maker(operands: Sequence[Value]) -> Value:
        _want_numbers("a function of numbers", operands)
        kind = operands[0].kind
        for operand in operands[1:]:
            kind = _wider(kind, operand.kind)
        if kind in WHOLE and not whole_too:
            raise NotCarried("PostgreSQL turns the number into a floating-point one first")
        return Value(make(_both(operands)), kind, _nulls(operands))

    return maker


def _coalesced(operands: Sequence[Value]) -> Value:
    kinds = {operand.kind for operand in operands if operand.kind != "null"}
    kind = operands[0].kind if len(kinds) != 1 else kinds.pop()
    expression = {"$ifNull": _both(operands)}
    nullable = all(operand.nulls or operand.kind == "null" for operand in operands)
    return Value(expression, kind, (expression,) if nullable else ())


def _nulled(operands: Sequence[Value]) -> Value:
    left, right = operands
    _comparable(left, right)
    expression = {"$cond": [{"$eq": _both(operands)}, None, left.expression]}
    return Value(expression, left.kind, (expression,))


def _extreme(word: str) -> Maker:
    def maker(operands: Sequence[Value]) -> Value:
        for operand in operands[1:]:
            _comparable(operands[0], operand)
        if operands[0].kind == "string":
            raise NotCarried("texts are ordered by the database's collation")
        expression = {word: _both(operands)}  # both servers leave NULL out
        nullable = all(operand.nulls for operand in operands)
        return Value(expression, operands[0].kind, (expression,) if nullable else ())

    return maker


def _comparable(left: Value, right: Value) -> None:
    if left.is_number and right.is_number:
        return
    if left.kind != right.kind:
        raise NotCarried(f"it compares {left.kind or 'any type'} with {right.kind or 'any type'}")


def _json_type(operands: Sequence[Value]) -> Value:
    (value,) = operands
    if value.kind:
        raise NotCarried("jsonb_typeof is applied to something that is no JSON")
    kind = {"$type": value.expression}
    named = {
        "$switch": {
            "branches": [
                {"case": {"$in": [kind, ["int", "long", "double", "decimal"]]}, "then": "number"},
                {"case": {"$eq": [kind, "bool"]}, "then": "boolean"},
            ],
            "default": kind,
        }
    }
    return Value(_unless_null(operands, named), "string", value.nulls)


def _size(operands: Sequence[Value], *, of_empty: Any) -> Value:
    (value,) = operands[:1]
    if value.kind != "array":
        raise NotCarried("the length of something that is no array is asked for")
    size: Any = {"$size": value.expression}
    if of_empty is not None:
        return Value(_unless_null(operands[:1], size), "int", value.nulls)
    size = {"$cond": [{"$eq": [value.expression, []]}, None, size]}
    expression = _unless_null(operands[:1], size)
    return Value(expression, "int", (expression,))


def _is_empty(operands: Sequence[Value]) -> Value:
    (value,) = operands
    if value.kind != "object":
        raise NotCarried("isempty is applied to something that is no range")
    flag = {"$getField": {"field": "empty", "input": value.expression}}
    return Value(_unless_null(operands, flag), "bool", value.nulls)


def _array_length(operands: Sequence[Value]) -> Value:
    if operands[1].expression != 1:
        raise NotCarried("the length of an inner array is asked for")
    return _size(operands, of_empty=None)


def _part_of_day(operands: Sequence[Value]) -> Value:
    unit, value = operands
    word = PARTS_OF_DAY.get(unit.expression) if unit.is_constant else None
    if word is None or value.kind != "day":
        raise NotCarried("a part of a moment depends on the session's time zone")
    return Value({word: value.expression}, "int", value.nulls)


PARTS_OF_DAY = {
    "year": "$year", "month": "$month", "day": "$dayOfMonth", "doy": "$dayOfYear",
    "isodow": "$isoDayOfWeek", "week": "$isoWeek", "isoyear": "$isoWeekYear",
}  # fmt: skip


def _trim(side: str) -> Maker:
    # PostgreSQL takes off spaces alone, MongoDB every white space if not told.
    return _of_text(lambda parts: {side: {"input": parts[0], "chars": " "}})


_LENGTH = _of_text(lambda parts: {"$strLenCP": parts[0]}, "int")
FUNCTIONS: dict[tuple[str, int], Maker] = {
    ("length", 1): _LENGTH,
    ("char_length", 1): _LENGTH,
    ("character_length", 1): _LENGTH,
    ("lower", 1): _of_text(lambda parts: {"$toLower": parts[0]}),
    ("upper", 1): _of_text(lambda parts: {"$toUpper": parts[0]}),
    ("btrim", 1): _trim("$trim"),
    ("ltrim", 1): _trim("$ltrim"),
    ("rtrim", 1): _trim("$rtrim"),
    ("left", 2): _of_text(lambda parts: {"$substrCP": [parts[0], 0, parts[1]]}),
    ("strpos", 2): _of_text(lambda parts: {"$add": [{"$indexOfCP": parts}, 1]}, "int"),
    ("replace", 3): _of_text(
        lambda parts: {
            "$replaceAll": {"input": parts[0], "find": parts[1], "replacement": parts[2]}
        }
    ),
    ("abs", 1): _of_number(lambda parts: {"$abs": parts[0]}),
    ("ceil", 1): _of_number(lambda parts: {"$ceil": parts[0]}, whole_too=False),
    ("ceiling", 1): _of_number(lambda parts: {"$ceil": parts[0]}, whole_too=False),
    ("floor", 1): _of_number(lambda parts: {"$floor": parts[0]}, whole_too=False),
    ("trunc", 1): _of_number(lambda parts: {"$trunc": [parts[0]]}, whole_too=False),
    ("mod", 2): lambda operands: arithmetic("%", operands),
    ("coalesce", -1): _coalesced,
    ("nullif", 2): _nulled,
    ("greatest", -1): _extreme("$max"),
    ("least", -1): _extreme("$min"),
    ("jsonb_typeof", 1): _json_type,
    ("json_typeof", 1): _json_type,
    ("cardinality", 1): lambda operands: _size(operands, of_empty=0),
    ("array_length", 2): _array_length,
    ("isempty", 1): _is_empty,
    ("date_part", 2): _part_of_day,
    ("extract", 2): _part_of_day,
}
