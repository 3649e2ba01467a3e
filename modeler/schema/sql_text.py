"""Trees as SQL that PostgreSQL reads and people do."""

from __future__ import annotations

import re

from modeler.schema.expression import (
    Case,
    Cast,
    ColumnRef,
    Every,
    Expression,
    Function,
    Literal,
    Opaque,
    Operation,
)
from modeler.schema.json_paths import POSITION
from modeler.schema.location import Location

BARE = re.compile(r"[a-z_][a-z0-9_$]*")
# Words that cannot be a column's name without quotes (manual, appendix C), and those that
# would read as something else here.
RESERVED = frozenset(
    "all analyse analyze and any array as asc asymmetric authorization between binary both case "
    "cast check collate collation column concurrently constraint create cross current_catalog "
    "current_date current_role current_schema current_time current_timestamp current_user default "
    "deferrable desc distinct do else end except false fetch for foreign freeze from full grant "
    "group having ilike in initially inner intersect into is isnull join lateral leading left "
    "like limit localtime localtimestamp natural new not notnull null offset old on only or order "
    "outer overlaps placing primary references returning right row select session_user similar "
    "some symmetric system_user table tablesample then to trailing true union unique user using "
    "variadic verbose when where window with date time timestamp timestamptz json jsonb uuid "
    "interval extract trim substring position overlay operator exists values coalesce".split()
)
WITHOUT_BRACKETS = frozenset(
    "current_date current_time current_timestamp current_user current_role current_catalog "
    "current_schema session_user localtime localtimestamp user".split()
)
TYPE_OF_LITERAL = {
    "date": "date",
    "time": "time without time zone",
    "interval": "interval",
    "uuid": "uuid",
    "json": "jsonb",
    "float": "double precision",
}
WORDS = {"like": "LIKE", "ilike": "ILIKE", "is-distinct": "IS DISTINCT FROM"}


def sql_text(expression: Expression) -> str:
    """Return an expression as PostgreSQL would accept it, with only the brackets it needs."""
    return _print(expression, 0)


# How tight each form binds; operands of looser forms get brackets. PostgreSQL's own operators
# share one level, and comparisons do not chain, so equals get brackets as well.
OR, AND, NOT, COMPARISON, OTHER, SUM, PRODUCT, POWER, TIGHT = range(1, 10)
LEVELS = {
    "or": OR, "and": AND, "not": NOT, "is-null": COMPARISON, "is-distinct": COMPARISON,
    "in": COMPARISON, "like": COMPARISON, "ilike": COMPARISON, "between": COMPARISON,
    "=": COMPARISON, "<>": COMPARISON, "<": COMPARISON, "<=": COMPARISON, ">": COMPARISON,
    ">=": COMPARISON, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT, "^": POWER,
}  # fmt: skip


def _print(expression: Expression, level: int) -> str:
    match expression:
        case ColumnRef():
            text, own = _column(expression), OTHER if expression.path else TIGHT
        case Literal():
            text = _literal(expression)
            own = PRODUCT if text.startswith("-") else TIGHT
        case Operation():
            text, own = _operation(expression), LEVELS.get(expression.operator, OTHER)
            if own == SUM and len(expression.operands) == 1:
                own = PRODUCT
        case Function():
            text = _function(expression)
            own = OTHER if expression.name in {"timezone", "collate"} else TIGHT
        case Cast(operand=operand, type=name):
            text, own = f"{_print(operand, TIGHT)}::{name}", TIGHT
        case Case():
            text, own = _case(expression), TIGHT
        case Opaque(text=text, language=language):
            # Nothing is known of its operators; Python has no place in SQL but a comment.
            own = OR if language == "sql" else TIGHT
            text = text if language == "sql" else f"/* Python: {text.replace('*/', '')} */"
        case Every(array=array, condition=condition):
            text = f"{_print(condition, NOT)} /* every value of {_print(array, TIGHT)} */"
            own = OR
    return f"({text})" if own < level else text


def _operation(expression: Operation) -> str:
    operator, operands = expression.operator, expression.operands
    match operator:
        case "and" | "or":
            level = LEVELS[operator] + 1
            return f" {operator.upper()} ".join(_print(part, level) for part in operands)
        case "not":
            (inner,) = operands
            if isinstance(inner, Operation) and inner.operator == "is-null":
                return f"{_print(inner.operands[0], OTHER)} IS NOT NULL"
            if isinstance(inner, Operation) and inner.operator == "in" and inner.operands[1:]:
                return _membership(inner, "NOT IN")
            if isinstance(inner, Operation) and inner.operator == "is-distinct":
                left, right = (_print(part, OTHER) for part in inner.operands)
                return f"{left} IS NOT DISTINCT FROM {right}"
            return f"NOT {_print(inner, COMPARISON)}"
        case "is-null":
            return f"{_print(operands[0], OTHER)} IS NULL"
        case "in":
            return _membership(expression, "IN")
        case "between":
            first, low, high = (_print(part, OTHER) for part in operands)
            return f"{first} BETWEEN {low} AND {high}"
    if len(operands) == 1:
        # A sign before a signed number would begin a comment.
        return f"{operator} {_print(operands[0], TIGHT)}"
    level = LEVELS.get(operator, OTHER)
    # Left-associative, but brackets on equals also keep comparisons from chaining.
    left = _print(operands[0], level + (level in {COMPARISON, OTHER}))
    return f"{left} {WORDS.get(operator, operator)} {_print(operands[1], level + 1)}"


def _membership(expression: Operation, word: str) -> str:
    first, *choices = expression.operands
    if not choices:
        # An empty list is no SQL; an empty array is what it means.
        return f"{_print(first, OTHER)} = ANY ('{{}}')"
    return f"{_print(first, OTHER)} {word} ({', '.join(_print(c, 0) for c in choices)})"


def _function(expression: Function) -> str:
    name, arguments = expression.name, expression.arguments
    match name, arguments:
        case "timezone", (zone, value):
            return f"{_print(value, TIGHT)} AT TIME ZONE {_print(zone, TIGHT)}"
        case "collate", (value, Literal(value=collation)):
            return f"{_print(value, TIGHT)} COLLATE {quoted_name(collation)}"
        case "extract", (Literal(value=part), value):
            return f"EXTRACT({part.upper()} FROM {_print(value, 0)})"
        case "array", _:
            return f"ARRAY[{', '.join(_print(part, 0) for part in arguments)}]"
        case "subscript", (value, position):
            return f"({_print(value, 0)})[{_print(position, 0)}]"
        case "row", _:
            return f"ROW({', '.join(_print(part, 0) for part in arguments)})"
        case "any" | "all", (value,):
            return f"{name.upper()} ({_print(value, 0)})"
    if name in WITHOUT_BRACKETS and not arguments:
        return name.upper()
    if name == "position" and len(arguments) == 2:
        return f"position({_print(arguments[0], OTHER)} IN {_print(arguments[1], OTHER)})"
    return f"{quoted_function(name)}({', '.join(_print(part, 0) for part in arguments)})"


def _case(expression: Case) -> str:
    arms = "".join(
        f" WHEN {_print(arm.condition, 0)} THEN {_print(arm.result, 0)}" for arm in expression.arms
    )
    default = "" if expression.default is None else f" ELSE {_print(expression.default, 0)}"
    return f"CASE{arms}{default} END"


def _column(column: ColumnRef) -> str:
    row, dot, name = column.column.partition(".")
    text = (
        f"{row}.{quoted_name(name)}" if dot and row in {"old", "new"} else
        quoted_name(column.column)
    )  # fmt: skip
    for key in column.path:
        text += f" -> {key}" if POSITION.fullmatch(key) else f" -> {quoted_text(key)}"
    return text


def _literal(literal: Literal) -> str:
    match literal.type:
        case "null":
            return "NULL"
        case "boolean":
            return literal.value.upper()
        case "integer":
            return literal.value
        case "decimal" if re.fullmatch(r"-?\d+\.\d+", literal.value):
            return literal.value
        case "decimal":
            whole = re.fullmatch(r"-?\d+", literal.value)
            return f"{literal.value if whole else quoted_text(literal.value)}::numeric"
        case "text":
            return quoted_text(literal.value)
        case "bytes":
            return f"'\\x{literal.value}'::bytea"
        case "datetime":
            zone = "with" if re.search(r"T.*(?:[+-]\d\d|Z)", literal.value) else "without"
            return f"{quoted_text(literal.value)}::timestamp {zone} time zone"
    return f"{quoted_text(literal.value)}::{TYPE_OF_LITERAL.get(literal.type, 'text')}"


def quoted_text(text: str) -> str:
    """Return a string constant."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def quoted_name(name: str) -> str:
    """Return an identifier, with quotes where it needs them."""
    if BARE.fullmatch(name) and name not in RESERVED:
        return name
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def quoted_table(location: Location) -> str:
    """Return a table's name, with its schema where that is not the default one."""
    name = quoted_name(location.table)
    return f"{quoted_name(location.schema)}.{name}" if location.schema else name


def quoted_function(name: str) -> str:
    """Return a function's name, maybe with its schema; the grammar's own stay bare."""
    return ".".join(
        part if BARE.fullmatch(part) else '"{}"'.format(part.replace('"', '""'))
        for part in name.split(".")
    )
