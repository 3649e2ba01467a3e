"""Pieces that several lines are made of."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.schema.constraint import Constraint
from modeler.schema.expression import Expression, Function, columns_of
from modeler.schema.index import IndexPart
from modeler.schema.sql_text import quoted_function, quoted_name, sql_text
from modeler.schema.table import Trigger


def names_text(names: Iterable[str]) -> str:
    """Return ``a, "B"``: column names, with quotes where they need them."""
    return ", ".join(quoted_name(name) for name in names)


def part_text(part: IndexPart) -> str:
    """Return one key part: ``lower(title) DESC``, ``tags gin_trgm_ops``, ``during WITH &&``."""
    words = [
        quoted_name(part.column) if part.expression is None else expression_text(part.expression)
    ]
    if part.collation:
        words.append(f"COLLATE {quoted_name(part.collation)}")
    if part.operator_class:
        words.append(quoted_function(part.operator_class))
    if part.descending:
        words.append("DESC")
    if part.nulls:
        words.append(f"NULLS {part.nulls.upper()}")
    if part.operator:
        words.append(f"WITH {part.operator}")
    return " ".join(words)


def parts_text(parts: Iterable[IndexPart]) -> str:
    """Return key parts with commas."""
    return ", ".join(part_text(part) for part in parts)


def expression_text(expression: Expression) -> str:
    """Return a key's expression: all but function calls stand in brackets (CREATE INDEX)."""
    text = sql_text(expression)
    call = isinstance(expression, Function) and bool(columns_of(expression) or text[-1:] == ")")
    call = call and text.startswith(f"{quoted_function(expression.name)}(")  # type: ignore[union-attr]
    return text if call else f"({text})"


def condition_text(condition: Expression | None) -> str:
    """Return ``WHERE …``, ``""`` where there is no condition."""
    return "" if condition is None else f"WHERE {sql_text(condition)}"


def include_text(include: Iterable[str]) -> str:
    """Return ``INCLUDE (…)``, ``""`` where nothing is included."""
    names = names_text(include)
    return f"INCLUDE ({names})" if names else ""


def deferrable_text(of: Constraint | Trigger) -> str:
    """Return ``DEFERRABLE`` or ``DEFERRABLE INITIALLY DEFERRED``."""
    if not of.deferrable:
        return ""
    return "DEFERRABLE" + " INITIALLY DEFERRED" * (of.deferrable == "deferred")


def joined(*words: str) -> str:
    """Return the words that say something, with spaces."""
    return " ".join(word for word in words if word)
