"""A relation between two tables, read from its forward side."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from modeler.schema.location import Location


class RelationKind(StrEnum):
    """What sort of relation a field declares."""

    FOREIGN_KEY = "foreign key"
    ONE_TO_ONE = "one-to-one"
    MANY_TO_MANY = "many-to-many"
    PARENT_LINK = "parent link"
    JOIN = "join"  # ForeignObject: columns of other fields, composite keys
    GENERIC = "generic"  # GenericForeignKey: the target is in the row
    GENERIC_REVERSE = "generic reverse"  # GenericRelation: the far side of a generic one


class Cardinality(StrEnum):
    """How many rows stand at one end, in crow's-foot terms."""

    ZERO_OR_ONE = "0..1"
    ONE = "1"
    ZERO_OR_MORE = "0..n"
    ONE_OR_MORE = "1..n"

    @property
    def optional(self) -> bool:
        return self in {Cardinality.ZERO_OR_ONE, Cardinality.ZERO_OR_MORE}

    @property
    def many(self) -> bool:
        return self in {Cardinality.ZERO_OR_MORE, Cardinality.ONE_OR_MORE}


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation a (table, field); two foreign keys to one table are two relations.

    Attributes:
        owner: key of the table that declares the field.
        field: the field's name, or the constraint's where no model has it.
        kind: see RelationKind.
        columns: on the owner's side, in key order; empty for many-to-many.
        target: key of the table as declared, maybe a proxy; ``""`` for a generic relation.
        target_location: the table that holds the rows, None for a generic relation.
        target_columns: on the target's side, matching ``columns``.
        through: key of the join table of a many-to-many relation.
        through_fields: the two relation fields on the join table: to the owner, to the target.
        symmetrical: a many-to-many relation to itself without direction.
        accessor: the reverse attribute on the target, ``""`` where hidden (``related_name='+'``).
        query_name: the reverse name in lookups.
        on_delete: ``CASCADE``, ``SET_NULL`` … ``DB_CASCADE`` …, or a dotted path; ``""`` unknown.
        enforced: the database holds it by a constraint.
        at_owner: how many owner rows one target row has.
        at_target: how many target rows one owner row has.
    """

    owner: str
    field: str
    kind: RelationKind
    columns: tuple[str, ...] = ()
    target: str = ""
    target_location: Location | None = None
    target_columns: tuple[str, ...] = ()
    through: str = ""
    through_fields: tuple[str, ...] = ()
    symmetrical: bool = False
    accessor: str = ""
    query_name: str = ""
    on_delete: str = ""
    enforced: bool = True
    at_owner: Cardinality = Cardinality.ZERO_OR_MORE
    at_target: Cardinality = Cardinality.ONE

    @property
    def key(self) -> str:
        """``app.Model.field``: names the relation, also where two join the same tables."""
        return f"{self.owner}.{self.field}"
