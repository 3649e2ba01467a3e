"""Of what type the value of an expression is, and whether it can be NULL.

Source: PostgreSQL manual, chapters 8 to 10 (types, functions and operators, conversion). What is
not known for certain is refused: a field of a wrong type would refuse documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modeler.mongo.filters import NotCarried
from modeler.mongo.formulas.functions import (
    BOUNDS,
    PARTS_OF_MOMENTS,
    RESULTS,
    STRICT,
    STRICT_OPERATORS,
    TEXT,
)
from modeler.mongo.formulas.numbers import base_of, computed, digits_of, literal_type, widest
from modeler.schema.column import Column
from modeler.schema.database_types import server_spelling
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

PLAIN, ZONED = "timestamp without time zone", "timestamp with time zone"
MOMENTS = ("date", PLAIN, ZONED)
ARITHMETIC = frozenset("+ - * / % ^".split())
LITERALS = {
    "text": "text", "boolean": "boolean", "date": "date", "time": "time without time zone",
    "interval": "interval", "uuid": "uuid", "bytes": "bytea", "json": "jsonb", "null": "",
}  # fmt: skip
SAME = frozenset({"abs", "trim_scale", "array_append", "array_remove", "array_cat", "nullif"})
ROUNDED = frozenset({"ceil", "ceiling", "floor", "round", "trunc", "sign"})
ROOTS = frozenset({"sqrt", "cbrt", "exp", "ln", "log", "log10", "power"})


@dataclass(frozen=True, slots=True)
class Typed:
    """The type of a value as PostgreSQL prints it, ``""`` for NULL alone; can it be NULL."""

    type: str
    null: bool = False


def typed(expression: Expression, columns: Mapping[str, Column]) -> Typed:
    """Return the type of an expression over columns of one table.

    Raises:
        NotCarried: it is not known.
    """
    match expression:
        case ColumnRef(column=name, path=path):
            column = columns[name]
            kind = column.database_type
            if path and kind not in ("json", "jsonb"):
                raise NotCarried(f"it looks inside of {name}, which is no JSON")
            return Typed(kind, null=column.null or bool(path))
        case Literal(type="integer" | "decimal" | "float" as kind, value=value):
            return Typed(literal_type(kind, value))
        case Literal(type="datetime", value=value):
            return Typed(ZONED if "+" in value[10:] or "-" in value[10:] else PLAIN)
        case Literal(type=kind):
            return Typed(LITERALS[kind], null=kind == "null")
        case Cast(operand=operand, type=kind):
            return Typed(server_spelling(kind), null=typed(operand, columns).null)
        case Case(arms=arms, default=default):
            results = [typed(arm.result, columns) for arm in arms]
            results.append(typed(default, columns) if default else Typed("", null=True))
            return Typed(_common(results), null=any(one.null for one in results))
        case Operation(operator=operator, operands=operands):
            return _operation(operator, [typed(part, columns) for part in operands])
        case Function(name="extract", arguments=(Literal(value=part), value)):
            kind = PARTS_OF_MOMENTS.get(part, "numeric(10,0)")
            return Typed(kind, null=typed(value, columns).null)
        case Function(name=name, arguments=arguments):
            return _function(name, arguments, [typed(part, columns) for part in arguments])
        case Every():
            return Typed("boolean", null=True)
        case Opaque(reason=reason):
            raise NotCarried(reason or "a part of it was not read")


def _operation(operator: str, operands: Sequence[Typed]) -> Typed:
    null = any(one.null for one in operands)
    if operator in ("is-null", "is-distinct"):
        return Typed("boolean")
    if operator in ("and", "or", "not", "in"):
        return Typed("boolean", null)
    null = null or operator not in STRICT_OPERATORS
    kinds = [one.type for one in operands]
    match operator:
        case "->>" | "#>>":
            return Typed("text", null=True)
        case "->" | "#>":
            return Typed(kinds[0], null=True)
        case "||":
            return Typed(_joined(kinds), null)
        case "&" | "|" | "#" if all(map(base_of, kinds)):
            return Typed(widest(kinds), null)
    if operator not in ARITHMETIC:
        return Typed("boolean", null)
    if len(operands) == 1 and (base_of(kinds[0]) or kinds[0] == "interval"):
        return Typed(kinds[0], null)
    if all(map(base_of, kinds)):
        return Typed(computed(operator, kinds[0], kinds[1]), null)
    return Typed(_of_moments(operator, kinds[0], kinds[1]), null)


def _joined(kinds: Sequence[str]) -> str:
    for kind in kinds:
        if kind.endswith("[]") or kind in ("jsonb", "bytea", "tsvector"):
            return kind
    return "text"


def _of_moments(operator: str, left: str, right: str) -> str:
    """The type of sums and differences of moments (manual, table 9.32)."""
    if operator == "+" and left not in MOMENTS and right in MOMENTS:
        left, right = right, left
    match operator, left, right:
        case "-", "date", "date":
            return "integer"
        case "+" | "-", "date", "integer":
            return "date"
        case "+" | "-", "date" | "timestamp without time zone", "interval":
            return PLAIN
        case "+", "date", "time without time zone":
            return PLAIN
        case "+" | "-", "timestamp with time zone", "interval":
            return ZONED
        case "-", _, _ if left in MOMENTS and right in MOMENTS:
            return "interval"
        case "+" | "-", "interval", "interval":
            return "interval"
        case "*" | "/", "interval", _ if base_of(right):
            return "interval"
        case "-", "jsonb", _:
            return "jsonb"
    raise NotCarried(f"the type of {left or 'NULL'} {operator} {right or 'NULL'} is not known")


def _function(name: str, arguments: Sequence[Expression], given: Sequence[Typed]) -> Typed:
    null = name not in STRICT or any(one.null for one in given)
    kinds = [one.type for one in given]
    match name:
        case "coalesce" | "greatest" | "least":
            return Typed(_common(given), null=all(one.null for one in given))
        case "lower" | "upper" if kinds[0] in BOUNDS:
            return Typed(BOUNDS[kinds[0]], null=True)
        case "lower" | "upper":
            return Typed("text", null)
        case "collate":
            return Typed(kinds[0], null)
        case "concat" | "num_nulls" | "num_nonnulls" | "jsonb_build_object":
            return Typed(RESULTS[name])
        case "date_trunc" if len(kinds) >= 2:
            return Typed(ZONED if kinds[1] == "date" else kinds[1], null)
        case "timezone" if len(kinds) == 2 and kinds[1] in (PLAIN, ZONED):
            return Typed(PLAIN if kinds[1] == ZONED else ZONED, null)
        case "mod":
            return Typed(computed("%", kinds[0], kinds[1]), null)
        case "any" | "all" | "subscript" if kinds[0].endswith("[]"):
            return Typed(kinds[0].removesuffix("[]"), null=True)
        case "abbrev":
            return Typed("text", null)
        case "array" if given:
            return Typed(f"{_common(given).partition('(')[0]}[]")
    if name in SAME and kinds:
        return Typed(kinds[0], null)
    if name in ROUNDED and kinds and base_of(kinds[0]):
        return Typed(_rounded(name, arguments, kinds), null)
    if name in ROOTS and kinds and all(map(base_of, kinds)):
        return Typed(
            "numeric" if base_of(widest(kinds)) == "numeric" else "double precision", null
        )
    if name in RESULTS:
        return Typed(RESULTS[name], null)
    raise NotCarried(f"what the function {name} returns is not known")


def _rounded(name: str, arguments: Sequence[Expression], kinds: Sequence[str]) -> str:
    """Whole numbers are rounded as floating-point ones unless digits are asked for."""
    if base_of(kinds[0]) != "numeric" and len(kinds) == 1:
        return "double precision"
    scale = 0
    if len(arguments) == 2:
        if not isinstance(arguments[1], Literal) or arguments[1].type != "integer":
            return "numeric"
        scale = max(0, int(arguments[1].value))
    digits = digits_of(kinds[0])
    if digits is None:
        return "numeric"
    return "numeric(1,0)" if name == "sign" else f"numeric({digits.whole + 1 + scale},{scale})"


def _common(values: Sequence[Typed]) -> str:
    """The type in which several values meet (manual, 10.5)."""
    kinds = list(dict.fromkeys(one.type for one in values if one.type))
    # A constant in quotes takes the type of what it meets.
    firm = [kind for kind in kinds if kind != "text"] or kinds
    if not firm:
        raise NotCarried("nothing says of which type it is")
    if all(map(base_of, firm)):
        return widest(firm)
    bases = {kind.partition("(")[0].strip() if "time" not in kind else kind for kind in firm}
    if bases <= TEXT:
        return "text"
    if len(bases) == 1:
        return bases.pop()
    if bases <= set(MOMENTS):
        return max(bases, key=MOMENTS.index)
    raise NotCarried(f"{' and '.join(sorted(bases))} meet in it")
