"""SQL expressions as trees: what PostgreSQL prints (``pg_get_expr``) and what Django sends.

A Pratt parser over the operators of the PostgreSQL manual, section 4.1.6. Rewritings that say
the same become the same tree: ``= ANY (ARRAY[…])`` is ``in``, ``~~`` is ``like``, ``BETWEEN``
two comparisons, a cast around a constant its type. What the grammar does not know (subqueries,
window functions) is ``Opaque`` with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modeler.errors import FormatError
from modeler.schema.expression import (
    Expression,
    Function,
    Literal,
    Opaque,
    Operation,
)
from modeler.schema.json_paths import json_step
from modeler.schema.literals import parameter_literal
from modeler.schema.sql_constants import array_elements, negative
from modeler.schema.sql_operands import (
    AND,
    COLLATE,
    COMPARISON,
    CONSTANTS,
    IS,
    NOT,
    OR,
    OTHER,
    PATTERN,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    ZONE,
    OperandReader,
)
from modeler.schema.sql_tokens import Token, tokens

SYMBOLS = {
    "<": COMPARISON, ">": COMPARISON, "=": COMPARISON, "<=": COMPARISON, ">=": COMPARISON,
    "<>": COMPARISON, "!=": COMPARISON, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT,
    "%": PRODUCT, "^": POWER,
}  # fmt: skip
SPELLINGS = {"!=": "<>", "~~": "like", "~~*": "ilike"}
NEGATED = {"!~~": "like", "!~~*": "ilike", "!~": "~", "!~*": "~*"}


def read_sql(
    sql: str,
    *,
    parameters: tuple[Any, ...] | None = None,
    types: Mapping[str, str] | None = None,
) -> Expression:
    """Return the tree of an SQL expression; ``Opaque`` with the reason where it cannot.

    Args:
        sql: the text.
        parameters: values for the placeholders ``%s``; None where the text has none.
        types: the server's types by column, so that a cast of a ``character varying`` column to
            ``text``, which PostgreSQL writes everywhere, does not hide the column.
    """
    try:
        parser = _Parser(sql, parameters, types or {})
        tree = parser.expression(0)
        parser.end()
    except (FormatError, RecursionError) as error:
        return Opaque(_filled(sql, parameters), f"not read: {error}")
    return tree


def read_sql_list(sql: str, *, types: Mapping[str, str] | None = None) -> tuple[Expression, ...]:
    """Return the trees of expressions that stand between commas, as in ``pg_index.indexprs``."""
    try:
        parser = _Parser(sql, None, types or {})
        found = [parser.expression(0)]
        while parser.take_mark(","):
            found.append(parser.expression(0))
        parser.end()
    except (FormatError, RecursionError) as error:
        return (Opaque(sql, f"not read: {error}"),)
    return tuple(found)


def _filled(sql: str, parameters: tuple[Any, ...] | None) -> str:
    """Return SQL with its parameters in place, for people to read."""
    if parameters is None:
        return sql
    from modeler.schema.sql_text import sql_text

    texts = iter([sql_text(parameter_literal(parameter)) for parameter in parameters])
    pieces = sql.replace("%%", "\0").split("%s")
    filled = "".join(piece + next(texts, "") for piece in pieces[:-1]) + pieces[-1]
    return filled.replace("\0", "%")


def negation(tree: Expression) -> Expression:
    return Operation("not", (tree,))


class _Parser(OperandReader):
    """One reading of one text."""

    def __init__(
        self, sql: str, parameters: tuple[Any, ...] | None, types: Mapping[str, str]
    ) -> None:
        super().__init__(tokens(sql, placeholders=parameters is not None))
        self.parameters = iter(parameters or ())
        self.types = types

    def end(self) -> None:
        if self.token.kind != "end":
            raise FormatError(f"nothing expected after it, but {self.token.text!r} follows")

    # Operators

    def expression(self, power: int) -> Expression:
        left = self.prefix()
        while True:
            advanced = self.infix(left, power)
            if advanced is None:
                return left
            left = advanced

    def prefix(self) -> Expression:
        token = self.token
        if token.kind == "name" and token.text == "not":
            self.step()
            return negation(self.expression(NOT))
        if token.kind == "operator" and token.text in {"-", "+"}:
            self.step()
            operand = self.expression(SIGN)
            if token.text == "+":
                return operand
            return negative(operand) or Operation("-", (operand,))
        if token.kind == "operator":
            self.step()
            return Operation(token.text, (self.expression(OTHER),))
        return self.primary()

    def infix(self, left: Expression, power: int) -> Expression | None:
        token = self.token
        if token.kind == "mark":
            return self.suffix(left, token)
        if token.kind == "operator":
            return self.symbol(left, token.text, power)
        if token.kind == "name":
            return self.word(left, token.text, power)
        return None

    def suffix(self, left: Expression, token: Token) -> Expression | None:
        """Read ``::type``, ``[subscript]`` and ``.field``, which bind tightest."""
        if token.text == "::":
            self.step()
            return self.cast(left, self.type_name())
        if token.text == "[":
            self.step()
            position = self.expression(0)
            self.expect("]")
            return Function("subscript", (left, position))
        return None

    def symbol(self, left: Expression, text: str, power: int) -> Expression | None:
        binding = SYMBOLS.get(text, OTHER)
        if binding <= power:
            return None
        self.step()
        if self.is_name("any", "some", "all"):
            return self.quantified(left, text)
        right = self.expression(binding)
        if text in NEGATED:
            return negation(Operation(NEGATED[text], (left, right)))
        return json_step(left, text, right) or Operation(SPELLINGS.get(text, text), (left, right))

    def quantified(self, left: Expression, operator: str) -> Expression:
        """Read ``= ANY (ARRAY[…])``, which the server writes for ``IN``."""
        word = self.step().text
        self.expect("(")
        choices = self.expression(0)
        self.expect(")")
        elements = array_elements(choices)
        if elements is not None and (operator, word) in {("=", "any"), ("=", "some")}:
            return Operation("in", (left, *elements))
        if elements is not None and (operator, word) in {("<>", "all"), ("!=", "all")}:
            return negation(Operation("in", (left, *elements)))
        return Operation(
            SPELLINGS.get(operator, operator),
            (left, Function("all" if word == "all" else "any", (choices,))),
        )

    def word(self, left: Expression, text: str, power: int) -> Expression | None:
        match text:
            case "or" if power < OR:
                self.step()
                return _chain("or", left, self.expression(OR))
            case "and" if power < AND:
                self.step()
                return _chain("and", left, self.expression(AND))
            case "is" if power < IS:
                self.step()
                return self.tested(left)
            case "isnull" if power < IS:
                self.step()
                return Operation("is-null", (left,))
            case "notnull" if power < IS:
                self.step()
                return negation(Operation("is-null", (left,)))
            case "not" if power < PATTERN and self.next_is("in", "like", "ilike", "between"):
                self.step()
                return negation(self.pattern(left))
            case "in" | "like" | "ilike" | "between" if power < PATTERN:
                return self.pattern(left)
            case "at" if power < ZONE:
                self.step()
                self.word_expected("time")
                self.word_expected("zone")
                return Function("timezone", (self.expression(ZONE), left))
            case "collate" if power < COLLATE:
                self.step()
                return Function("collate", (left, Literal("text", self.qualified_name())))
            case "operator" if power < OTHER:
                return self.qualified_operator(left)
        return None

    def tested(self, left: Expression) -> Expression:
        """Read what follows ``IS``."""
        negated = self.take_name("not")
        if self.take_name("null", "unknown"):
            tree: Expression = Operation("is-null", (left,))
        elif self.take_name("distinct"):
            self.word_expected("from")
            tree = Operation("is-distinct", (left, self.expression(IS)))
            return tree if not negated else negation(tree)
        elif self.is_name("true", "false"):
            # IS NOT TRUE is "distinct from true", which the tree says without a double NOT.
            tree = Operation("is-distinct", (left, CONSTANTS[self.step().text]))
            return tree if negated else negation(tree)
        else:
            raise FormatError(f"IS {self.token.text.upper()} is not known")
        return negation(tree) if negated else tree

    def pattern(self, left: Expression) -> Expression:
        """Read IN, LIKE, ILIKE and BETWEEN."""
        word = self.step().text
        if word == "in":
            self.expect("(")
            if self.is_name("select", "with"):
                raise FormatError("it has a subquery")
            choices = self.arguments()
            return Operation("in", (left, *choices))
        if word == "between":
            symmetric = self.take_name("symmetric")
            if symmetric:
                raise FormatError("BETWEEN SYMMETRIC is not read")
            low = self.expression(PATTERN)
            self.word_expected("and")
            high = self.expression(PATTERN)
            return Operation("and", (Operation(">=", (left, low)), Operation("<=", (left, high))))
        right = self.expression(PATTERN)
        if self.take_name("escape"):
            escape = self.expression(PATTERN)
            if escape != Literal("text", "\\"):
                right = Function("like_escape", (right, escape))
        return Operation(word, (left, right))

    def qualified_operator(self, left: Expression) -> Expression:
        """Read ``OPERATOR(schema.=)``, which the server writes for foreign operators."""
        self.step()
        self.expect("(")
        while self.token.kind in {"name", "quoted"}:
            self.step()
            self.expect(".")
        symbol = self.step().text
        self.expect(")")
        return Operation(SPELLINGS.get(symbol, symbol), (left, self.expression(OTHER)))


def _chain(word: str, left: Expression, right: Expression) -> Expression:
    """Join by AND or OR; a chain is one operation of many operands."""
    found: list[Expression] = []
    for side in (left, right):
        if isinstance(side, Operation) and side.operator == word:
            found += side.operands
        else:
            found.append(side)
    return Operation(word, tuple(found))
