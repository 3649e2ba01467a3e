"""Indexes and constraints in one line each, for readers."""

from __future__ import annotations

from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.index import Index, IndexPart
from modeler.schema.sql_text import sql_text


def index_text(index: Index) -> str:
    """Return ``by_name: unique gin (lower(name), price desc) include (id) where price > 0``."""
    words = [f"{index.name}:" if index.name else "", "unique" if index.unique else ""]
    words.append("" if index.method == "btree" else index.method)
    words.append(parts_text(index.parts))
    words.append("" if index.nulls_distinct else "nulls not distinct")
    words.append(f"include ({', '.join(index.include)})" if index.include else "")
    words.append(f"where {sql_text(index.condition)}" if index.condition else "")
    words.append("" if index.valid else "(invalid)")
    return " ".join(word for word in words if word)


def constraint_text(rule: Constraint) -> str:
    """Return ``price_positive: check price > 0`` and its kin."""
    words = [f"{rule.name}:" if rule.name else "", str(rule.kind)]
    if rule.kind is ConstraintKind.CHECK:
        words.append(sql_text(rule.expression) if rule.expression else "(not read)")
    elif rule.parts:
        words.append(parts_text(rule.parts))
    else:
        words.append(f"({', '.join(rule.columns)})")
    words.append("" if rule.nulls_distinct else "nulls not distinct")
    words.append(f"include ({', '.join(rule.include)})" if rule.include else "")
    words.append(f"where {sql_text(rule.condition)}" if rule.condition else "")
    words.append(f"deferrable initially {rule.deferrable}" if rule.deferrable else "")
    words.append("" if rule.valid else "not valid")
    words.append("" if rule.enforced else "not enforced")
    return " ".join(word for word in words if word)


def parts_text(parts: tuple[IndexPart, ...]) -> str:
    """Return ``(lower(name), price desc nulls last)``."""
    return f"({', '.join(map(part_text, parts))})"


def part_text(part: IndexPart) -> str:
    """Return a key part with all that differs from the default."""
    words = [sql_text(part.expression) if part.expression else part.column]
    words.append(f"collate {part.collation}" if part.collation else "")
    words.append(part.operator_class)
    words.append("desc" if part.descending else "")
    words.append(f"nulls {part.nulls}" if part.nulls else "")
    words.append(f"with {part.operator}" if part.operator else "")
    return " ".join(word for word in words if word)
