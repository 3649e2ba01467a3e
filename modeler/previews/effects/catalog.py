"""What rules of effects ask of a database: facts of its relations, types and session.

All names of relations are those of ``relation_name``. Columns and constraints are named bare.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from modeler.previews.effects.effect import RelationKind
from modeler.previews.sql.definitions import Name

FIXED_ZERO = frozenset(
    "utc gmt uct zulu universal greenwich gmt0 gmt+0 gmt-0 etc/utc etc/gmt etc/uct etc/zulu "
    "etc/universal etc/greenwich etc/gmt0 etc/gmt+0 etc/gmt-0 +00 -00 0 <+00>-00 <-00>-00 "
    "<+00>+00 <-00>+00".split()
)


@dataclass(frozen=True, slots=True)
class Session:
    """Facts of the server and the migrating session; ``major`` such as 18."""

    major: int
    time_zone: str = "UTC"
    current_schema: str = "public"

    @property
    def is_utc(self) -> bool:
        """The zone's offset is zero and never was another, as the server asks of it."""
        return self.time_zone.lower() in FIXED_ZERO


@dataclass(frozen=True, slots=True)
class Type:
    """A type with its modifiers.

    Attributes:
        name: as in ``pg_type``, such as ``int4``; of a domain that of its base type.
        modifiers: such as ``(10, 2)`` or ``("year to month",)``; of a domain those of its base.
        domain: its name, ``""`` where it is none.
        constrained: a domain that checks something, or stands on one that does.
        array: of an array, ``name`` and ``modifiers`` are those of its elements.
        polymorphic: an array, enum, range or composite: its operator classes serve many types.
        classes: the default operator class by access method.
        collation: of the type, such as ``default``; ``""`` where it has none.
    """

    name: str
    modifiers: tuple[int | str, ...] = ()
    domain: str = ""
    constrained: bool = False
    array: bool = False
    polymorphic: bool = False
    classes: tuple[tuple[str, str], ...] = ()
    collation: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``generated`` is ``stored``, ``virtual`` or ``""``; ``sequences`` are those its
    default calls."""

    name: str
    type: Type
    not_null: bool = False
    has_default: bool = False
    identity: str = ""
    generated: str = ""
    collation: str = ""
    sequences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexKey:
    """A column of an index; ``column`` is ``""`` for an expression, ``""`` as operator class
    marks a column that is only included."""

    column: str
    operator_class: str = ""
    collation: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """An index. ``hidden_columns`` are the ones that its expressions and condition mention;
    ``parent`` is the partitioned index that it belongs to."""

    name: str
    kind: RelationKind = RelationKind.INDEX
    method: str = "btree"
    keys: tuple[IndexKey, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    unique: bool = False
    primary: bool = False
    valid: bool = True
    partial: bool = False
    constraint: str = ""
    parent: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """All that it mentions."""
        return (*(key.column for key in self.keys if key.column), *self.hidden_columns)

    @property
    def has_expressions(self) -> bool:
        return any(not key.column for key in self.keys)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint. ``kind`` as in ``definitions.Constraint``; ``expression`` of a check as the
    server prints it; ``inherited`` or of a partition's parent: it cannot be dropped alone."""

    name: str
    kind: str
    columns: tuple[str, ...] = ()
    validated: bool = True
    enforced: bool = True
    expression: str = ""
    index: str = ""
    inherited: bool = False
    deferrable: bool = False


@dataclass(frozen=True, slots=True, order=True)
class ForeignKey:
    """A foreign key, seen from either side; ``on_delete`` as in ``definitions.Reference``.

    Attributes:
        index: the unique index of the target.
        is_copy: it carries out the one of a partitioned table, on either side.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    on_delete: str = ""
    on_update: str = ""
    validated: bool = True
    enforced: bool = True
    deferrable: bool = False
    deferred: bool = False
    index: str = ""
    is_copy: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Dependent:
    """A view, or a rule or policy of a table (``kind`` ``rule`` or ``policy``), that mentions
    a relation; no columns: it as a whole."""

    name: str
    kind: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statistics:
    name: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class OwnedSequence:
    name: str
    column: str
    identity: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, view, sequence or index, as it is before the statement.

    Attributes:
        foreign_keys: its own.
        referrers: foreign keys of others, and of itself, that refer to it.
        children: partitions, or tables that inherit from it; not theirs.
        parents: the other way round.
        dependents: views, rules and policies that mention it.
        sources: of a view, the relations that its query reads.
        default_users: of a sequence, tables whose defaults call it.
        dependencies: of a generated column, the columns it is made from.
        table: of an index, its table.
    """

    name: str
    kind: RelationKind
    columns: tuple[Column, ...] = ()
    indexes: tuple[Index, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    referrers: tuple[ForeignKey, ...] = ()
    children: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    default_partition: str = ""
    partition_columns: tuple[str, ...] = ()
    partition_strategy: str = ""
    dependents: tuple[Dependent, ...] = ()
    sources: tuple[str, ...] = ()
    sequences: tuple[OwnedSequence, ...] = ()
    default_users: tuple[str, ...] = ()
    statistics: tuple[Statistics, ...] = ()
    triggers: tuple[str, ...] = ()
    dependencies: tuple[tuple[str, tuple[str, ...]], ...] = ()
    table: str = ""
    unlogged: bool = False
    is_partition: bool = False
    access_method: str = ""
    owner: str = ""
    tablespace: str = ""

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def index(self, name: str) -> Index | None:
        return next((index for index in self.indexes if index.name == name), None)

    def constraint(self, name: str) -> Constraint | None:
        return next((found for found in self.constraints if found.name == name), None)

    def foreign_key(self, name: str) -> ForeignKey | None:
        return next((key for key in self.foreign_keys if key.name == name), None)


class Catalog(Protocol):
    """Lookups at the state before a statement. Nothing is raised for what is not there."""

    @property
    def session(self) -> Session: ...

    def relation(self, name: Name | str) -> Relation | None:
        """Find by what was written, or by the string that facts carry."""

    def display(self, name: Name) -> str:
        """Return the string for a relation that need not exist."""

    def type(self, text: str) -> Type | None:
        """Return a type as written; None where there is none of that name."""

    def cast(self, source: Type, target: Type) -> str:
        """``binary`` or ``function`` as ``pg_cast`` says, ``""`` where it has none."""

    def volatility(self, function: str) -> str:
        """The most volatile of the functions of a name: ``immutable``, ``stable``,
        ``volatile``; ``""`` where there is none."""

    def tables_of_type(self, name: Name) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Tables that have columns of a type, or of domains and arrays of it; the columns."""

    def relations_of_schema(self, schema: str) -> tuple[str, ...]: ...

    def types_of_schema(self, schema: str) -> tuple[Name, ...]:
        """Its domains, enums and composite types."""

    def tables_of_trigger_function(self, name: Name) -> tuple[str, ...]: ...

    def statistics_table(self, name: Name) -> str:
        """The table of extended statistics, ``""`` where there are none of that name."""
