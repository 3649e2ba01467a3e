"""Parts that statements are made of: names, columns, constraints.

Texts of types, expressions and conditions stay as they were written, without outer brackets.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A name, folded as the server does; ``schema`` is ``""`` where none was written."""

    name: str
    schema: str = ""


class ObjectKind(StrEnum):
    """What DROP, COMMENT and ALTER … RENAME speak of."""

    TABLE = "table"
    INDEX = "index"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized view"
    SEQUENCE = "sequence"
    FOREIGN_TABLE = "foreign table"
    COLUMN = "column"
    CONSTRAINT = "constraint"
    TRIGGER = "trigger"
    RULE = "rule"
    POLICY = "policy"
    TYPE = "type"
    DOMAIN = "domain"
    FUNCTION = "function"  # procedures, routines and aggregates too
    SCHEMA = "schema"
    EXTENSION = "extension"
    STATISTICS = "statistics"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reference:
    """REFERENCES of a column or foreign key."""

    table: Name
    columns: tuple[str, ...] = ()
    on_delete: str = ""  # "cascade", "set null", …
    on_update: str = ""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint as declared, at a table or a column.

    Attributes:
        kind: ``check``, ``foreign key``, ``unique``, ``primary key``, ``exclude``, ``not null``.
        columns: its own; of a column's constraint that column.
        expression: of a check; of an exclusion what stands in its brackets.
        references: of a foreign key.
        using_index: of UNIQUE or PRIMARY KEY USING INDEX.
        inherited: False: NO INHERIT.
        method: access method of an exclusion.
        where: condition of an exclusion.
        without_overlaps: of a key whose last column is a period (18).
    """

    kind: str
    name: str = ""
    columns: tuple[str, ...] = ()
    expression: str = ""
    references: Reference | None = None
    using_index: str = ""
    valid: bool = True  # False: NOT VALID
    enforced: bool = True
    deferrable: bool = False
    deferred: bool = False  # INITIALLY DEFERRED
    nulls_distinct: bool = True
    inherited: bool = True
    method: str = ""
    where: str = ""
    without_overlaps: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column as declared.

    Attributes:
        default: text of its DEFAULT, None where there is none.
        identity: ``always``, ``by default`` or ``""``.
        generated: text of GENERATED ALWAYS AS.
        stored: of a generated column; False: VIRTUAL.
        constraints: in order; NOT NULL among them.
    """

    name: str
    type: str
    collation: str = ""
    default: str | None = None
    identity: str = ""
    generated: str | None = None
    stored: bool = True
    constraints: tuple[Constraint, ...] = ()

    @property
    def not_null(self) -> bool:
        return any(part.kind in {"not null", "primary key"} for part in self.constraints)
