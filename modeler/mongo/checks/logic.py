"""From a condition of SQL to an aggregation expression that is true where a check accepts.

SQL has three truth values, and a check refuses only what is false (PostgreSQL manual, 5.5.1);
an aggregation expression has two. So each condition is compiled in two ways, which call each
other under NOT (Kleene's logic): *not false*, which a check asks for, and *not true*.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from modeler.mongo.checks.document import DocumentFields
from modeler.mongo.checks.elements import (
    GAPS,
    count_of_elements,
    every_element,
    may_nest,
    may_refuse_null,
)
from modeler.mongo.checks.not_a_number import above_all
from modeler.mongo.checks.operators import arithmetic, call
from modeler.mongo.checks.sql_patterns import from_like, from_posix
from modeler.mongo.checks.value import (
    ALWAYS,
    NEVER,
    Value,
    all_of,
    any_of,
    is_null,
)
from modeler.mongo.field import FieldSpec
from modeler.mongo.filters import NotCarried, literal
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

COMPARISONS = {"=": "$eq", "<>": "$ne", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
ORDERED = frozenset({"<", "<=", ">", ">="})
# Collations by which texts have the order of their bytes, as in MongoDB.
BYTEWISE = frozenset({"C", "POSIX", "ucs_basic", "C.UTF-8"})
SAME_TEXT = frozenset({"text", "character varying", "varchar"})
NUMERIC = frozenset({"numeric", "integer", "bigint", "smallint"})
BOOLEANS = frozenset({"and", "or", "not", "in", "like", "ilike", "~", "~*", "is-null",
                      "is-distinct", *COMPARISONS})  # fmt: skip
CASE_OF_LETTERS = "MongoDB changes the case of the letters a to z alone"
MOMENTS = "moments are compared to the millisecond"


class Logic:
    """Compiles the conditions of one table.

    Args:
        document: its fields.

    Attributes:
        notes: where the two servers may differ, a clause each.
    """

    def __init__(self, document: DocumentFields) -> None:
        self.document = document
        self.notes: dict[str, None] = {}

    def not_false(self, condition: Expression) -> Any:
        """Return an expression that is true where the condition is true or unknown.

        Raises:
            NotCarried: a part has no exact counterpart.
        """
        match condition:
            case Operation("and", parts):
                return all_of([self.not_false(part) for part in parts])
            case Operation("or", parts):
                return any_of([self.not_false(part) for part in parts])
            case Operation("not", (inner,)):
                return self.not_true(inner)
        return self._leaf(condition, wanted=True)

    def not_true(self, condition: Expression) -> Any:
        """Return an expression that is true where the condition is false or unknown.

        Raises:
            NotCarried: see ``not_false``.
        """
        match condition:
            case Operation("and", parts):
                return any_of([self.not_true(part) for part in parts])
            case Operation("or", parts):
                return all_of([self.not_true(part) for part in parts])
            case Operation("not", (inner,)):
                return self.not_false(inner)
        return self._leaf(condition, wanted=False)

    def _leaf(self, condition: Expression, *, wanted: bool) -> Any:
        match condition:
            case Operation(sign, (left, right)) if sign in COMPARISONS:
                return self._comparison(sign if wanted else OPPOSITE[sign], left, right)
            case Operation("is-null", (operand,)):
                return self._null_test(operand, wanted=wanted)
            case Operation("is-distinct", (left, right)):
                one, other = self._pair("<>", left, right)
                word = "$ne" if wanted else "$eq"
                return {word: [one.expression, other.expression]}
            case Operation("in", (tested, *choices)):
                return self._membership(tested, choices, wanted=wanted)
            case Operation("like" | "ilike" | "~" | "~*" as sign, (text, Literal() as pattern)):
                return self._match(sign, text, pattern, wanted=wanted)
            case Case():
                return self._chosen(condition, wanted=wanted)
            case Literal("boolean", word):
                return ALWAYS if (word == "true") is wanted else NEVER
            case Literal("null"):
                return ALWAYS
            case Every(ColumnRef() as array, inner) if wanted:
                return self._every(array, inner)
            case Opaque(reason=reason):
                raise NotCarried(reason or "a part of it was not read")
            case Operation(sign):
                raise NotCarried(f"the operator {sign} has no exact counterpart")
        value = self.value(condition)
        if value.kind != "bool":
            raise NotCarried("a part of it is no condition")
        return any_of([*is_null(value), {"$eq": [value.expression, wanted]}])

    def _may_nest(self, array: ColumnRef) -> bool:
        column = self.document.columns.get(array.column)
        return column is not None and may_nest(column)

    def _every(self, array: ColumnRef, condition: Expression) -> Any:
        def accepted(element: DocumentFields) -> Any:
            logic = Logic(element)
            told = logic.not_false(condition)
            self.notes |= logic.notes
            return told

        value = self.value(array)
        if may_refuse_null(condition):
            self.notes[GAPS] = None
        test = every_element(value.expression, self.document.columns[array.column], accepted)
        return test if test == ALWAYS else any_of([*is_null(value), test])

    def _comparison(self, sign: str, left: Expression, right: Expression) -> Any:
        one, other = self._pair(sign, left, right)
        if "null" in (one.kind, other.kind):
            return ALWAYS
        told: Any = {COMPARISONS[sign]: [one.expression, other.expression]}
        if sign in ORDERED:
            greater, lesser = (one, other) if sign in (">", ">=") else (other, one)
            told = above_all(told, greater, lesser, strict=sign in ("<", ">"))
        return any_of([*is_null(one), *is_null(other), told])

    def _null_test(self, operand: Expression, *, wanted: bool) -> Any:
        value = self.value(operand)
        nulls = is_null(value)
        if wanted:
            return any_of(nulls)
        return all_of([{"$ne": condition["$eq"]} for condition in nulls])

    def _membership(self, tested: Expression, choices: list[Expression], *, wanted: bool) -> Any:
        value = self.value(tested)
        if any(not isinstance(_bare(choice), Literal) for choice in choices):
            equal = [Operation("=", (tested, choice)) for choice in choices]
            either = Operation("or", tuple(equal))
            return self.not_false(either) if wanted else self.not_true(either)
        bare = [choice for choice in map(_bare, choices) if isinstance(choice, Literal)]
        known = [choice for choice in bare if choice.type != "null"]
        offered = {"$in": [value.expression, [self._constant(one, value) for one in known]]}
        if not wanted:
            return any_of([*is_null(value), {"$not": [offered]}])
        return ALWAYS if len(known) < len(choices) else any_of([*is_null(value), offered])

    def _match(self, sign: str, text: Expression, pattern: Literal, *, wanted: bool) -> Any:
        value = self.value(text)
        if value.kind != "string" or pattern.type != "text":
            raise NotCarried("a pattern is matched with something that is no text")
        translate = from_like if "like" in sign else from_posix
        regex = translate(pattern.value, any_case=sign in ("ilike", "~*"))
        # The operator fails on null instead of passing it on.
        matched: Any = {"$regexMatch": {"input": value.expression, "regex": regex}}
        nulls = is_null(value)
        told = matched if wanted else {"$not": [matched]}
        return {"$cond": [any_of(nulls), True, told]} if nulls else told

    def _pair(self, sign: str, left: Expression, right: Expression) -> tuple[Value, Value]:
        """Return both sides of a comparison, a constant in the type of the other side."""
        left, right = _bare(left), _bare(right)
        if isinstance(left, Literal) and not isinstance(right, Literal):
            other = self.value(right)
            one = self._literal(left, other)
        else:
            one = self.value(left)
            other = self._literal(right, one) if isinstance(right, Literal) else self.value(right)
        if "null" not in (one.kind, other.kind):
            self._want_comparable(sign, one, other, (left, right))
        return one, other

    def _want_comparable(
        self, sign: str, one: Value, other: Value, sides: tuple[Expression, ...]
    ) -> None:
        if not (one.is_number and other.is_number) and one.kind != other.kind:
            kinds = f"{one.kind or 'JSON'} with {other.kind or 'JSON'}"
            raise NotCarried(f"it compares {kinds}")
        if {"double", "decimal"} == {one.kind, other.kind}:
            raise NotCarried("it compares floating-point numbers with decimals")
        if one.kind in ("", "object", "array") and not (one.is_constant or other.is_constant):
            raise NotCarried("values of JSON, arrays and ranges compare by rules of their own")
        if one.kind == "string" and sign in ORDERED and not all(map(self._is_bytewise, sides)):
            raise NotCarried("texts are ordered by the database's collation")
        if one.kind == "date":
            self.notes[MOMENTS] = None

    def _is_bytewise(self, side: Expression) -> bool:
        if isinstance(side, Literal):
            return True
        return isinstance(side, ColumnRef) and self.document.collation(side) in BYTEWISE

    def value(self, expression: Expression) -> Value:
        """Return the value of a part.

        Raises:
            NotCarried: it has no exact counterpart.
        """
        match expression:
            case ColumnRef():
                return self.document.value(expression)
            case Literal():
                return self._literal(expression, None)
            case Cast(operand, kind):
                return self._cast(self.value(operand), kind)
            case Operation(sign, operands) if sign not in BOOLEANS:
                return arithmetic(sign, self._values(operands))
            case Function("cardinality", (ColumnRef() as array,)) if self._may_nest(array):
                value = self.value(array)
                return replace(value, expression=count_of_elements(value), kind="int")
            case Function(name, arguments):
                if name in ("lower", "upper"):
                    self.notes[CASE_OF_LETTERS] = None
                if name in ("num_nulls", "num_nonnulls"):
                    return self._counted(arguments, nulls=name == "num_nulls")
                return call(name, self._values(arguments))
            case Case():
                return self._case(expression)
            case Operation():
                return self._truth(expression)
            case Opaque(reason=reason):
                raise NotCarried(reason or "a part of it was not read")
            case Every():
                raise NotCarried("what holds for every element is part of another condition")

    def _values(self, expressions: tuple[Expression, ...]) -> list[Value]:
        """Return the values, constants in the type of the first that is none."""
        bare = [_bare(part) for part in expressions]
        values = [None if isinstance(part, Literal) else self.value(part) for part in bare]
        example = next((value for value in values if value is not None), None)
        return [
            self._literal(part, example) if isinstance(part, Literal) else value or Value(None, "")
            for part, value in zip(bare, values, strict=True)
        ]

    def _chosen(self, case: Case, *, wanted: bool) -> Any:
        """Return a CASE whose results are conditions, as a condition."""
        compiled = self.not_false if wanted else self.not_true
        branches = [
            {"case": {"$not": [self.not_true(arm.condition)]}, "then": compiled(arm.result)}
            for arm in case.arms
        ]
        default = ALWAYS if case.default is None else compiled(case.default)
        return {"$switch": {"branches": branches, "default": default}}

    def _truth(self, condition: Expression) -> Value:
        """Return a condition as a value: true, false or null."""
        not_false, not_true = self.not_false(condition), self.not_true(condition)
        told = {"$cond": [not_true, {"$cond": [not_false, None, False]}, True]}
        return Value(told, "bool", (told,))

    def _counted(self, arguments: tuple[Expression, ...], *, nulls: bool) -> Value:
        """Return how many values are null, or are not."""
        wanted, other = (1, 0) if nulls else (0, 1)
        parts = [
            {"$cond": [any_of(is_null(self.value(part))), wanted, other]} for part in arguments
        ]
        return Value({"$add": parts}, "int")

    def _case(self, case: Case) -> Value:
        results = [*(arm.result for arm in case.arms)]
        if case.default is not None:
            results.append(case.default)
        values = self._values(tuple(results))
        kinds = {value.kind for value in values if value.kind != "null"}
        if len(kinds) > 1:
            raise NotCarried("the results of CASE have several types")
        default = values[-1].expression if case.default is not None else None
        branches = [
            # An arm is taken where its condition is true, and not where it is unknown.
            {"case": {"$not": [self.not_true(arm.condition)]}, "then": value.expression}
            for arm, value in zip(case.arms, values, strict=False)
        ]
        expression = {"$switch": {"branches": branches, "default": default}}
        return Value(expression, kinds.pop() if kinds else "null", (expression,))

    @staticmethod
    def _cast(value: Value, kind: str) -> Value:
        plain = kind.partition("(")[0].strip()
        if value.kind == "string" and plain in SAME_TEXT and "(" not in kind:
            return value
        if value.is_number and plain in NUMERIC and "(" not in kind:
            if value.kind == "double" or (value.kind == "decimal" and plain != "numeric"):
                raise NotCarried(f"a number is rounded to {kind}")
            return Value(value.expression, value.kind, value.nulls, value.is_constant)
        if value.is_number and plain == "double precision" and value.kind in ("int", "double"):
            return Value({"$toDouble": value.expression}, "double", value.nulls)
        raise NotCarried(f"a value is turned into {kind}")

    def _literal(self, constant: Literal, other: Value | None) -> Value:
        """Return a constant, in the type of the value that it meets."""
        if constant.type == "null":
            return Value(None, "null", (None,), is_constant=True)
        if other is not None and not (other.kind != "double" and constant.type == "decimal"):
            return (
                Value(self._constant(constant, other), other.kind, (), is_constant=True)
                if _fits(constant, other)
                else self._own(constant)
            )
        return self._own(constant)

    def _own(self, constant: Literal) -> Value:
        kinds = {
            "integer": "long",
            "decimal": "decimal",
            "float": "double",
            "text": "string",
            "boolean": "bool",
            "datetime": "date",
            "date": "day",
            "uuid": "binData",
        }
        kind = kinds.get(constant.type)  # fmt: skip
        if kind is None:
            raise NotCarried(f"a constant of the type {constant.type} has no counterpart")
        if kind == "long" and abs(int(constant.value)) < 2**31:
            kind = "int"
        return Value(self._constant(constant, Value(None, kind)), kind, (), is_constant=True)

    @staticmethod
    def _constant(constant: Literal, other: Value) -> Any:
        kind = {"day": "date", "duration": "long", "time": "string"}.get(other.kind, other.kind)
        if kind in ("int", "long") and constant.type == "decimal":
            kind = "decimal"
        told = literal(constant, FieldSpec("", "", (kind,)))
        # A text that begins with a dollar would be read as a path.
        return {"$literal": told} if isinstance(told, str) and told.startswith("$") else told


def _fits(constant: Literal, other: Value) -> bool:
    match constant.type:
        case "integer" | "decimal" | "float":
            return other.is_number
        case "text":
            return other.kind in ("string", "binData")
        case "date" | "datetime":
            return other.kind in ("day", "date")
        case "boolean":
            return other.kind == "bool"
        case "uuid":
            return other.kind == "binData"
    return False


def _bare(expression: Expression) -> Expression:
    """Take off casts that only say what a constant or a text is already."""
    while isinstance(expression, Cast) and (
        isinstance(expression.operand, Literal) or expression.type in SAME_TEXT
    ):
        expression = expression.operand
    return expression
