"""Indexes, and the parts that they and constraints are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from modeler.schema.expression import Expression


@dataclass(frozen=True, slots=True)
class IndexPart:
    """One key part of an index or of a unique or exclusion constraint.

    Attributes:
        column: the column's name, ``""`` for an expression.
        expression: the expression, None for a plain column.
        descending: sorted downwards.
        nulls: ``first`` or ``last`` where that differs from the direction's default, else ``""``.
        operator_class: where it is not the type's default.
        collation: where it is not the column's.
        operator: of an exclusion constraint (``=``, ``&&``), else ``""``.
        type: of an expression's value, without sizes: as the catalog says, or the output field
            of Django's expression; ``""`` where neither is known. It follows from the
            expression, and is no difference between two parts.
    """

    column: str = ""
    expression: Expression | None = None
    descending: bool = False
    nulls: str = ""
    operator_class: str = ""
    collation: str = ""
    operator: str = ""
    type: str = field(default="", compare=False, metadata={"origin": True})


@dataclass(frozen=True, slots=True)
class Index:
    """An index.

    Attributes:
        name: the index's name; ``""`` where only the server will choose it.
        parts: the key, in order.
        method: ``btree``, ``hash``, ``gin``, ``gist``, ``spgist``, ``brin``, ``bloom`` …
        unique: refuses equal keys.
        nulls_distinct: NULLs differ from each other in a unique index.
        condition: the predicate of a partial index.
        include: payload columns of a covering index.
        source: ``field`` (``db_index``, a foreign key), ``like`` (the pattern twin that Django
            makes for text), ``meta``, ``constraint`` (it serves a constraint), ``database``.
        valid: a failed ``CREATE INDEX CONCURRENTLY`` leaves an invalid one.
        options: storage parameters as sorted pairs.
        comment: the database's comment.
    """

    name: str
    parts: tuple[IndexPart, ...]
    method: str = "btree"
    unique: bool = False
    nulls_distinct: bool = True
    condition: Expression | None = None
    include: tuple[str, ...] = ()
    source: str = "meta"
    valid: bool = True
    options: tuple[tuple[str, str], ...] = ()
    comment: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The plain columns of the key, in order."""
        return tuple(part.column for part in self.parts if part.column)
