"""What the field of a formula is called: ``lower__email``, ``price__times__pieces``.

Two underscores between the words: Django lets no field have a name with them, so that columns
rarely do. What is too long to be read, or could mean two things, ends in a hash of its SQL.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container

from modeler.schema.expression import (
    Case,
    Cast,
    ColumnRef,
    Expression,
    Function,
    Literal,
    Operation,
)
from modeler.schema.sql_text import sql_text

LONGEST = 48
WORD = re.compile(r"[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*\Z")
WORDS = {
    "+": "plus", "-": "minus", "*": "times", "/": "by", "%": "modulo", "^": "power",
    "||": "joined", "=": "is", "<>": "is_not", "<": "below", "<=": "at_most", ">": "above",
    ">=": "at_least", "->>": "", "~": "matches", "~*": "matches_any_case",
    "is-null": "is_null", "is-distinct": "differs_from",
}  # fmt: skip
HASH = 6  # hexadecimal digits


def formula_name(expression: Expression, taken: Container[str] = ()) -> str:
    """Return the name of an expression's field; the same expression always has the same.

    Args:
        expression: that is computed.
        taken: names of other fields, which it keeps clear of.
    """
    written = sql_text(expression)
    expression = _positive(expression)
    words = [word for word in _words(expression) if word]
    plain = "__".join(word for word in words if WORD.match(word)).lower()
    clear = _is_flat(expression) and all(map(WORD.match, words)) and plain == "__".join(words)
    if clear and len(plain) <= LONGEST and plain not in taken and "__" in plain:
        return plain
    digest = hashlib.sha256(written.encode()).hexdigest()
    start = plain[:LONGEST].rstrip("_") or "formula"
    width = HASH
    while (name := f"{start}__{digest[:width]}") in taken and width < len(digest):
        width += 1
    return name


def _positive(expression: Expression) -> Expression:
    """``NOT x = a`` reads better as ``x <> a``, which is the same."""
    match expression:
        case Operation(operator="not", operands=(Operation(operator="=", operands=sides),)):
            return Operation("<>", sides)
    return expression


def _words(expression: Expression) -> list[str]:
    match expression:
        case ColumnRef(column=column, path=path):
            return [column, *path]
        case Literal(type="null"):
            return ["null"]
        case Literal(value=value):
            return [value]
        case Cast(operand=operand, type=kind):
            return [*_words(operand), "as", kind.partition("(")[0].replace(" ", "_")]
        case Case(arms=(arm,), default=None):
            return _words(arm.result)
        case Function(name=name, arguments=arguments):
            return [name, *(word for part in arguments for word in _words(part))]
        case Operation(operator="is-null", operands=(operand,)):
            return [*_words(operand), "is_null"]
        case Operation(operator=operator, operands=(operand,)):
            return [WORDS.get(operator, operator), *_words(operand)]
        case Operation(operator=operator, operands=operands):
            joined = _words(operands[0])
            for part in operands[1:]:
                joined += [WORDS.get(operator, operator), *_words(part)]
            return joined
    return []


def _is_flat(expression: Expression) -> bool:
    """Tell whether the words say it all: one function or operator over columns and words."""
    match expression:
        case Operation(operands=parts) | Function(arguments=parts):
            return all(_is_word(part) for part in parts)
    return isinstance(expression, ColumnRef)


def _is_word(part: Expression) -> bool:
    return isinstance(part, ColumnRef) or (
        isinstance(part, Literal) and part.type in ("text", "integer", "boolean")
    )
