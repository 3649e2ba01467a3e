"""Operands in SQL expressions: constants, columns, calls, cases, casts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

from modeler.errors import FormatError
from modeler.schema.expression import (
    Case,
    ColumnRef,
    Expression,
    Function,
    Literal,
    Operation,
    When,
)
from modeler.schema.literals import NULL, parameter_literal
from modeler.schema.sql_constants import cast_of
from modeler.schema.sql_tokens import Token
from modeler.schema.sql_types import TypeReader

# How tight operators bind, the tightest last (manual, table 4.2).
OR, AND, NOT, IS, COMPARISON, PATTERN, OTHER, SUM, PRODUCT, POWER, ZONE, COLLATE, SIGN = range(
    1, 14
)
BARE_FUNCTIONS = frozenset(
    "current_date current_time current_timestamp current_user current_role current_catalog "
    "current_schema session_user localtime localtimestamp user".split()
)
CONSTANTS = {
    "null": NULL,
    "true": Literal("boolean", "true"),
    "false": Literal("boolean", "false"),
}
TRIMS = {"both": "btrim", "leading": "ltrim", "trailing": "rtrim"}
# Casts of these columns to text, and to each other, change nothing.
TEXTUAL = ("text", "character varying")


class OperandReader(TypeReader, ABC):
    """A cursor that reads operands; what stands in brackets is read by ``expression``."""

    parameters: Iterator[Any]
    types: Mapping[str, str]

    @abstractmethod
    def expression(self, power: int) -> Expression:
        """Read an expression of operators that bind tighter than ``power``."""

    def primary(self) -> Expression:
        token = self.step()
        match token.kind:
            case "string":
                return Literal("text", token.text)
            case "number":
                whole = token.text.isdigit()
                return Literal("integer" if whole else "decimal", token.text)
            case "placeholder":
                for parameter in self.parameters:
                    return parameter_literal(parameter)
                raise FormatError("there are more placeholders than parameters")
            case "mark" if token.text == "(":
                return self.group()
            case "name":
                return self.named(token)
            case "quoted":
                return self.identifier(token)
            case "end":
                raise FormatError("it ends where an operand is expected")
        raise FormatError(f"{token.text!r} stands where an operand is expected")

    def group(self) -> Expression:
        if self.is_name("select", "with", "values"):
            raise FormatError("it has a subquery")
        members = self.arguments()
        if len(members) == 1:
            if self.is_mark("."):
                raise FormatError("it takes a field of a composite value")
            return members[0]
        return Function("row", members)

    def arguments(self) -> tuple[Expression, ...]:
        """Read what stands up to the closing bracket, which is consumed."""
        found: list[Expression] = []
        if self.take_mark(")"):
            return ()
        while True:
            found.append(self.expression(0))
            if self.take_mark(")"):
                return tuple(found)
            self.expect(",")

    def named(self, token: Token) -> Expression:
        text = token.text
        if text in CONSTANTS and not self.is_mark("."):
            return CONSTANTS[text]
        if text == "case":
            return self.case()
        if text == "array" and self.is_mark("["):
            return self.array()
        if text in BARE_FUNCTIONS and not self.is_mark("("):
            return Function(text)
        if text == "row" and self.is_mark("("):
            self.step()
            return Function("row", self.arguments())
        if text == "cast" and self.is_mark("("):
            self.step()
            operand = self.expression(0)
            self.word_expected("as")
            type_name = self.type_name()
            self.expect(")")
            return self.cast(operand, type_name)
        if text == "interval" and self.token.kind == "string":
            return self.cast(Literal("text", self.step().text), "interval")
        if text in {"date", "time", "timestamp", "timestamptz", "json", "jsonb", "uuid"}:
            if self.token.kind == "string":
                return self.cast(Literal("text", self.step().text), text)
            if text in {"time", "timestamp"} and self.is_name("with", "without"):
                self.back()
                return self.cast(Literal("text", ""), self.type_name(), constant=True)
        return self.identifier(token)

    def identifier(self, token: Token) -> Expression:
        """Read a column or a function call, maybe qualified."""
        parts = [token.text]
        while self.is_mark("."):
            self.step()
            part = self.step()
            if part.kind not in {"name", "quoted"}:
                raise FormatError(f"a name is expected after a dot, not {part.text!r}")
            parts.append(part.text)
        if self.is_mark("("):
            self.step()
            if parts[0] == "pg_catalog":
                parts = parts[1:]
            name = ".".join(parts)
            called = self.special_call(name) if len(parts) == 1 else None
            called = called or Function(name, self.call_arguments())
            if self.is_name("over", "filter", "within"):
                raise FormatError("it has an aggregate or window function")
            return called
        # Rows of a trigger stay apart; a table's own name before its column says nothing.
        if parts[0] in {"old", "new"} and len(parts) == 2:
            return ColumnRef(f"{parts[0]}.{parts[1]}")
        return ColumnRef(parts[-1])

    def call_arguments(self) -> tuple[Expression, ...]:
        if self.is_name("distinct", "all", "variadic") or self.token.text == "*":
            raise FormatError(f"it has {self.token.text.upper()} in a call")
        if self.is_name("select", "with"):
            raise FormatError("it has a subquery")
        return self.arguments()

    def special_call(self, name: str) -> Expression | None:
        """Read the calls that SQL spells with words between their arguments."""
        match name:
            case "extract":
                part = self.step().text
                self.word_expected("from")
                return Function("extract", (Literal("text", part), *self.arguments()))
            case "trim":
                side = TRIMS[self.step().text] if self.is_name(*TRIMS) else "btrim"
                if self.take_name("from"):
                    return Function(side, self.arguments())
                first = self.expression(0)
                if self.take_name("from"):
                    return Function(side, (*self.arguments(), first))
                if self.take_mark(")"):
                    return Function(side, (first,))
                self.expect(",")
                return Function(side, (first, *self.arguments()))
            case "substring" | "position" | "overlay":
                return self.worded(name)
        return None

    def worded(self, name: str) -> Expression:
        """Read ``substring(a from b for c)``, ``position(a in b)`` and ``overlay``."""
        # ``in`` separates here, so the first operand must stop before it.
        found = [self.expression(PATTERN)]
        while not self.take_mark(")"):
            if not (self.take_mark(",") or self.take_name("from", "for", "in", "placing")):
                raise FormatError(f"{self.token.text!r} is not expected in {name}")
            found.append(self.expression(PATTERN))
        return Function(name, tuple(found))

    def array(self) -> Expression:
        self.expect("[")
        found: list[Expression] = []
        while not self.take_mark("]"):
            if found:
                self.expect(",")
            # Inner arrays may stand without the word.
            found.append(self.array() if self.is_mark("[") else self.expression(0))
        return Function("array", tuple(found))

    def case(self) -> Expression:
        subject = None if self.is_name("when") else self.expression(0)
        arms: list[When] = []
        while self.take_name("when"):
            condition = self.expression(0)
            if subject is not None:
                condition = Operation("=", (subject, condition))
            self.word_expected("then")
            arms.append(When(condition, self.expression(0)))
        default = self.expression(0) if self.take_name("else") else None
        self.word_expected("end")
        if not arms:
            raise FormatError("CASE has no WHEN")
        return Case(tuple(arms), default)

    def cast(self, operand: Expression, to: str, *, constant: bool = False) -> Expression:
        if constant:
            operand = Literal("text", self.step().text)
        if isinstance(operand, ColumnRef) and not operand.path and to in TEXTUAL:
            held = self.types.get(operand.column, "")
            if held.partition("(")[0] in TEXTUAL:
                return operand
        return cast_of(operand, to)
