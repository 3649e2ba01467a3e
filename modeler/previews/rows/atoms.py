"""What a single condition says of a column.

A condition that compares passes where the column is NULL (manual, section 5.5.1), so it leaves
NULL alone; only IS NULL and IS DISTINCT FROM speak of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from modeler.previews.rows.restriction import Bound, Restriction
from modeler.schema.expression import (
    Cast,
    ColumnRef,
    Expression,
    Function,
    Literal,
    Operation,
    columns_of,
    is_opaque,
)

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}
LENGTHS = frozenset({"length", "char_length", "character_length", "octet_length", "cardinality",
                     "array_length"})  # fmt: skip
TEXTS = ("text", "character varying", "character", "citext", "name")


@dataclass(frozen=True, slots=True)
class Ordering:
    """One column lies before another; ``strict`` where they may not be equal."""

    before: str
    after: str
    strict: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a condition says: of one column, or of the order of two; neither where unknown."""

    column: str = ""
    restriction: Restriction | None = None
    ordering: Ordering | None = None


UNKNOWN = Said()


def column_in(expression: Expression) -> str:
    """Return the column that stands here, through casts that do not change its order."""
    match expression:
        case ColumnRef(column=name, path=()):
            return name
        case Cast(operand=operand):
            return column_in(operand)
        case Function(name="collate", arguments=(operand, _)):
            return column_in(operand)
    return ""


def plain(tree: Expression) -> Expression:
    """Return a constant without the cast to a type that has no literals (``'sad'::mood``)."""
    match tree:
        case Cast(operand=Literal(type="text") as literal):
            return literal
    return tree


def said(tree: Expression, positive: bool) -> Said:
    """Return what a condition, or its negation, says."""
    match tree:
        case ColumnRef(column=name, path=()):
            value = Literal("boolean", "true" if positive else "false")
            return Said(name, Restriction(among=(value,)))
        case Operation(operator="is-null", operands=(operand,)):
            if name := column_in(operand):
                return Said(name, Restriction(null=positive))
        case Operation(operator="is-distinct", operands=(left, Literal() as value)):
            if name := column_in(left):
                return _distinct(name, value, positive)
        case Operation(operator="in", operands=(tested, *choices)):
            return _membership(tested, tuple(choices), positive)
        case Operation(operator=operator, operands=(left, right)) if operator in FLIPPED:
            operator = operator if positive else OPPOSITE[operator]
            return _comparison(operator, plain(left), plain(right))
        case Operation(operator="~" | "~*" as operator, operands=(left, Literal(value=pattern))):
            if positive and (name := column_in(left)):
                return Said(name, Restriction(patterns=((pattern, operator == "~*"),)))
        case Operation(operator="like" | "ilike", operands=(left, Literal(value=pattern))):
            if positive and (name := column_in(left)):
                return Said(name, Restriction(likes=(pattern,)))
        case Operation(operator="?", operands=(left, Literal(value=key))):
            if positive and (name := column_in(left)):
                return Said(name, Restriction(kind="object", entries=(key,)))
        case Operation(operator="?&", operands=(left, Function(name="array", arguments=keys))):
            if positive and (name := column_in(left)):
                found = tuple(key.value for key in keys if isinstance(key, Literal))
                return Said(name, Restriction(kind="object", entries=found))
    return UNKNOWN


def _distinct(name: str, value: Literal, positive: bool) -> Said:
    if value.type == "null":
        return Said(name, Restriction(null=not positive))
    if positive:
        return Said(name, Restriction(excluded=(value,)))
    return Said(name, Restriction(null=False, among=(value,)))


def _membership(tested: Expression, choices: tuple[Expression, ...], positive: bool) -> Said:
    name = column_in(tested)
    values = tuple(choice for choice in map(plain, choices) if isinstance(choice, Literal))
    if not name or len(values) != len(choices):
        return UNKNOWN
    known = tuple(value for value in values if value.type != "null")
    if positive:
        return Said(name, Restriction(among=known))
    return Said(name, Restriction(excluded=known))


def _comparison(operator: str, left: Expression, right: Expression) -> Said:
    if not column_in(left) and column_in(right):
        left, right, operator = right, left, FLIPPED[operator]
    match left:
        case Function(name=function, arguments=(inner, *_)):
            if name := column_in(inner):
                return _of_function(function, name, operator, right)
            return UNKNOWN
    name = column_in(left)
    if not name:
        return UNKNOWN
    match right:
        case Literal(type="null"):
            return UNKNOWN
        case Literal():
            return Said(name, _against(operator, right))
        case Function(name="lower" | "upper" as function, arguments=(inner,)):
            if operator == "=" and column_in(inner) == name:
                return Said(name, Restriction(letters=function))
    if other := column_in(right):
        if operator in {"<", "<="}:
            return Said(ordering=Ordering(name, other, operator == "<"))
        if operator in {">", ">="}:
            return Said(ordering=Ordering(other, name, operator == ">"))
    if is_opaque(right):
        return UNKNOWN
    named = columns_of(right)
    if not named:
        return Said(name, _against(operator, right))
    if operator in {"=", "<=", ">="} and name not in named:
        return Said(name, Restriction(equals=right))
    if operator in {"<", ">"} and name not in named and isinstance(left, ColumnRef | Cast):
        one = Literal("integer", "1")
        # Beyond by one: an interval cannot be counted so, the server tells.
        sign = "-" if operator == "<" else "+"
        return Said(name, Restriction(equals=Operation(sign, (right, one))))
    return UNKNOWN


def _against(operator: str, value: Expression) -> Restriction:
    bound = Bound(value, operator in {"<=", ">="})
    match operator:
        case "=":
            if isinstance(value, Literal):
                return Restriction(among=(value,))
            return Restriction(lows=(Bound(value),), highs=(Bound(value),))
        case "<>":
            excluded = (value,) if isinstance(value, Literal) else ()
            return Restriction(excluded=excluded)
        case "<" | "<=":
            return Restriction(highs=(bound,))
    return Restriction(lows=(bound,))


def _of_function(function: str, name: str, operator: str, right: Expression) -> Said:
    match right:
        case Literal(type="integer", value=text) if function in LENGTHS:
            size = int(text)
            match operator:
                case "=":
                    found = Restriction(shortest=size, longest=size)
                case ">" | ">=":
                    found = Restriction(shortest=size + (operator == ">"))
                case "<" | "<=":
                    found = Restriction(longest=size - (operator == "<"))
                case _:
                    # Not of this length: one more is none of it.
                    found = Restriction(shortest=size + 1)
            return Said(name, found)
        case Literal(type="text", value=text) if function in {"jsonb_typeof", "json_typeof"}:
            if operator == "=":
                return Said(name, Restriction(kind=text))
        case Literal(type="text", value="") if function in {"btrim", "trim", "ltrim", "rtrim"}:
            if operator == "<>":
                return Said(name, Restriction(shortest=1))
    if operator == "=" and column_in(right) == name and function in {"lower", "upper"}:
        return Said(name, Restriction(letters=function))
    return UNKNOWN
