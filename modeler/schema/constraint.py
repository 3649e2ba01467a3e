"""Rules that the database itself holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from modeler.schema.expression import Expression
from modeler.schema.index import IndexPart
from modeler.schema.location import Location


class ConstraintKind(StrEnum):
    PRIMARY_KEY = "primary key"
    UNIQUE = "unique"
    CHECK = "check"
    EXCLUSION = "exclusion"
    FOREIGN_KEY = "foreign key"
    NOT_NULL = "not null"


@dataclass(frozen=True, slots=True)
class Constraint:
    """A table constraint.

    Attributes:
        name: the constraint's name; ``""`` where only the server will choose it.
        kind: see ConstraintKind.
        columns: the columns it speaks of, in key order where it has one.
        parts: the key of a unique or exclusion constraint, where it is more than columns.
        expression: what a check demands.
        condition: the predicate of a partial unique or exclusion constraint. PostgreSQL keeps
            such a unique one as an index only (``index_only``).
        index_only: a Django constraint that the database knows as a unique index.
        include: payload columns of its index.
        method: the method of its index, ``""`` where it has none.
        deferrable: ``""``, ``immediate`` or ``deferred`` (initially).
        nulls_distinct: NULLs differ from each other.
        valid: False for NOT VALID: rows of before were not checked.
        enforced: False for NOT ENFORCED (PostgreSQL 18).
        target: of a foreign key.
        target_columns: of a foreign key, matching ``columns``.
        on_delete, on_update: the database's own action of a foreign key, ``""`` for NO ACTION.
        message: the violation message that Django shows.
        source: ``field`` (implied by a field), ``meta``, ``database``.
        comment: the database's comment.
    """

    name: str
    kind: ConstraintKind
    columns: tuple[str, ...] = ()
    parts: tuple[IndexPart, ...] = ()
    expression: Expression | None = None
    condition: Expression | None = None
    index_only: bool = False
    include: tuple[str, ...] = ()
    method: str = ""
    deferrable: str = ""
    nulls_distinct: bool = True
    valid: bool = True
    enforced: bool = True
    target: Location | None = None
    target_columns: tuple[str, ...] = ()
    on_delete: str = ""
    on_update: str = ""
    message: str = ""
    source: str = "meta"
    comment: str = ""
