"""The indexes that a table has, its unique constraints among them."""

from __future__ import annotations

from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.index import Index, IndexPart
from modeler.schema.table import Table


def wanted_indexes(table: Table) -> list[Index]:
    """Return the table's indexes, with its unique constraints as indexes."""
    by_constraint = [
        _as_index(constraint)
        for constraint in table.constraints
        if constraint.kind is ConstraintKind.UNIQUE
    ]
    taken = {index.name for index in by_constraint if index.name}
    others = [
        index
        for index in table.indexes
        # The twin for LIKE serves as it is: a plain index answers anchored patterns here.
        if index.source not in {"like", "constraint"} and index.name not in taken
    ]
    return [*by_constraint, *others]


def _as_index(constraint: Constraint) -> Index:
    parts = constraint.parts or tuple(IndexPart(column=name) for name in constraint.columns)
    return Index(
        constraint.name, parts, unique=True, nulls_distinct=constraint.nulls_distinct,
        condition=constraint.condition, include=constraint.include, source="constraint",
    )  # fmt: skip


def source_of(index: Index) -> str:
    """Return what people call it: its name, or what it is on."""
    if index.name:
        return index.name
    kind = "unique" if index.unique else "index"
    return f"{kind} on {', '.join(part.column or 'an expression' for part in index.parts)}"
