"""A table, as a model declares it or a database holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from modeler.schema.column import Column
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import Expression
from modeler.schema.index import Index
from modeler.schema.location import Location
from modeler.schema.relation import Relation


class TableKind(StrEnum):
    """What sort of table it is; the first that fits, in this order."""

    SWAPPED = "swapped"  # replaced by a setting such as AUTH_USER_MODEL: has no table
    PROXY = "proxy"
    HISTORY = "history"
    JOIN = "join"  # made by Django for a many-to-many field
    CHILD = "child"  # multi-table inheritance
    VIEW = "view"
    UNMANAGED = "unmanaged"
    MODEL = "model"
    TABLE = "table"  # in the database alone


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger.

    Attributes:
        name: the trigger's name.
        timing: ``before``, ``after`` or ``instead of``.
        events: of ``insert``, ``update``, ``delete``, ``truncate``, in that order.
        level: ``row`` or ``statement``.
        function: the function it calls, schema-qualified outside the default schema.
        columns: of ``UPDATE OF``.
        condition: the WHEN clause.
        constraint: made by CREATE CONSTRAINT TRIGGER.
        deferrable: ``""``, ``immediate`` or ``deferred`` (initially).
        enabled: ``origin`` (the usual), ``always``, ``replica`` or ``disabled``.
        body: source text of the function, as the database keeps it.
        function_options: what else decides what it does (``language plpgsql``,
            ``security definer``, ``set search_path=…``).
        comment: the database's comment.
    """

    name: str
    timing: str
    events: tuple[str, ...]
    level: str
    function: str = ""
    columns: tuple[str, ...] = ()
    condition: Expression | None = None
    constraint: bool = False
    deferrable: str = ""
    enabled: str = "origin"
    body: str = ""
    function_options: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Partitioning:
    """How a table is partitioned: ``range``, ``list`` or ``hash`` over the key parts."""

    strategy: str
    key: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Partition:
    """What makes a table a partition of another: the parent and the bound as the server says."""

    parent: Location
    bound: str


@dataclass(frozen=True, slots=True)
class AdminFacts:
    """What a registered ModelAdmin shows; names as they stand in the class.

    Attributes:
        site: the admin site's name.
        admin_class: dotted path.
        list_display, search_fields, list_filter: names; callables by their ``__name__``.
        inlines: keys of the tables that are edited inline.
    """

    site: str
    admin_class: str
    list_display: tuple[str, ...] = ()
    search_fields: tuple[str, ...] = ()
    list_filter: tuple[str, ...] = ()
    inlines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A place in code: dotted module, file path, line (1-based, 0 unknown)."""

    module: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        key: ``app_label.ModelName`` where there is a model, else ``str(location)``; never a
            class name or a table name alone.
        location: where the rows are, None for a swapped model.
        kind: see TableKind.
        name: the model's class name, or the table's name.
        app: the app's label, ``""`` where there is no model.
        label, label_plural: ``verbose_name`` and its plural as text.
        primary_key: column names in key order.
        columns: in declared order; for a child, its own table's only; for a proxy, none.
        relations: those declared here (forward side), abstract bases folded in.
        bases: keys of concrete models it inherits from (proxy target, multi-table parents).
        abstract_bases: dotted names of the abstract models in its MRO.
        history_of: key of the model whose history it keeps.
        managed: Django creates and drops it.
        informed: an unmanaged model that has what its table says (``with_database_rules``).
        ordering: as declared, in lookups (``-created_at``); expressions as text.
        definition: the query of a live view, as the server prints it.
        options: storage parameters as sorted pairs.
        logged: False for an UNLOGGED table.
        row_security: ``""``, ``enabled`` or ``forced``.
        inherited: others INHERIT from it, and queries of it find their rows too; False where the
            reader does not know.
        unwatched: ``view``, ``materialized view`` or ``foreign table``: no trigger tells of its
            changes; ``""`` for a table, and where the reader does not know.
        documentation: the model's docstring, never the automatic ``Name(field, …)``.
        admin: one entry a site that registers it.
        source: where the class stands; not part of the fingerprint.
        unread: what the reader could not read of it, as ``(part, reason)``.
        also_at: further tables of the model, in other databases that its router allows.
    """

    key: str
    location: Location | None
    kind: TableKind
    name: str
    app: str = ""
    label: str = ""
    label_plural: str = ""
    primary_key: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    relations: tuple[Relation, ...] = ()
    indexes: tuple[Index, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    partitioning: Partitioning | None = None
    partition: Partition | None = None
    bases: tuple[str, ...] = ()
    abstract_bases: tuple[str, ...] = ()
    history_of: str = ""
    managed: bool = True
    informed: bool = False
    ordering: tuple[str, ...] = ()
    definition: str = ""
    options: tuple[tuple[str, str], ...] = ()
    logged: bool = True
    row_security: str = ""
    inherited: bool = field(default=False, metadata={"origin": True})
    unwatched: str = field(default="", metadata={"origin": True})
    comment: str = ""
    documentation: str = ""
    admin: tuple[AdminFacts, ...] = ()
    source: Source | None = field(default=None, metadata={"origin": True})
    unread: tuple[tuple[str, str], ...] = ()
    also_at: tuple[Location, ...] = ()

    def column(self, name: str) -> Column:
        """Return the column of that database name.

        Raises:
            KeyError: there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def unique_alone(self) -> frozenset[str]:
        """The columns of which no two rows may hold the same value, whatever else they hold."""
        return frozenset(
            constraint.columns[0]
            for constraint in self.constraints
            if constraint.kind is ConstraintKind.UNIQUE
            and len(constraint.columns) == 1
            and constraint.condition is None
            and not any(part.expression for part in constraint.parts)
        )

    @property
    def leading_indexes(self) -> frozenset[str]:
        """The columns that an index starts with."""
        return frozenset(index.parts[0].column for index in self.indexes if index.parts)

    def column_of_field(self, field_name: str) -> Column | None:
        """Return the column that a Django field of this table lies in, if it has one."""
        for column in self.columns:
            if column.field == field_name:
                return column
        return None
