"""What must be known of a table before rows can be made for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from modeler.schema.expression import Expression
from modeler.schema.sql_text import quoted_name


@dataclass(frozen=True, slots=True)
class Type:
    """A type as ``pg_type`` says it, with the types it is made of.

    Attributes:
        name: as ``format_type`` prints it, without a modifier; what a cast needs.
        kind: ``b`` base, ``c`` composite, ``d`` domain, ``e`` enum, ``r`` range, ``m`` multirange.
        base: the bare name of a base type (``int4``, ``varchar``, ``geometry``), that of the
            innermost base type for a domain.
        element: of an array, the bound of a range, the range of a multirange, the base of a
            domain; None for others.
        modifier: of a domain's base, -1 for none.
        labels: of an enum, in order.
        attributes: of a composite, ``(name, type, modifier)``.
        checks: of a domain, SQL over ``VALUE``.
        not_null: a domain that refuses NULL.
        is_array: a true array.
    """

    name: str
    kind: str
    base: str
    element: Type | None = None
    modifier: int = -1
    labels: tuple[str, ...] = ()
    attributes: tuple[tuple[str, Type, int], ...] = ()
    checks: tuple[str, ...] = ()
    not_null: bool = False
    is_array: bool = False


@dataclass(frozen=True, slots=True)
class RowColumn:
    """A column.

    Attributes:
        full_type: with its modifier, as a cast needs it (``character varying(20)``).
        modifier: ``atttypmod``, -1 for none.
        default: SQL, empty for none; of a generated column what it computes.
        sequence: the server numbers it: identity, or a default of ``nextval``.
        always: an identity that takes no value of others.
        generated: computed from other columns.
    """

    name: str
    type: Type
    full_type: str
    modifier: int = -1
    not_null: bool = False
    default: str = ""
    sequence: bool = False
    always: bool = False
    generated: bool = False

    @property
    def quoted(self) -> str:
        """Its name in SQL."""
        return quoted_name(self.name)


@dataclass(frozen=True, slots=True)
class Key:
    """What must differ between rows: a unique index, or an exclusion constraint.

    Attributes:
        name: of the index.
        columns: those that stand alone in the key.
        inner: those that stand in the key's expressions.
        expressions: the key's expressions, as trees.
        condition: the predicate of a partial one.
        nulls_distinct: NULLs differ from each other.
        immediate: checked at once, so that a conflict can be passed over.
        exclusion: its operators are not all equality.
        disjoint: the columns that an exclusion wants apart from each other.
    """

    name: str
    columns: tuple[str, ...]
    inner: tuple[str, ...] = ()
    expressions: tuple[Expression, ...] = ()
    condition: Expression | None = None
    nulls_distinct: bool = True
    immediate: bool = True
    exclusion: bool = False
    disjoint: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: its columns, the table it refers to, and the columns there."""

    name: str
    columns: tuple[str, ...]
    target: int
    target_columns: tuple[str, ...]
    deferrable: bool = True
    target_name: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What every row must pass: a check, a partition's bounds, or a policy.

    Attributes:
        sql: over the table's columns; a row passes where it is true or NULL.
        tree: the same, read.
        columns: those it names.
        strict: a NULL does not pass (bounds of partitions and policies).
    """

    name: str
    sql: str
    tree: Expression
    columns: tuple[str, ...]
    strict: bool = False


@dataclass(frozen=True, slots=True)
class EmptyTable:
    """A table without rows.

    Attributes:
        oid: its number.
        name: as people read it, see ``TableFilling``.
        sql: its name for SQL, always qualified.
        triggers: those that fire on INSERT: name, definition where they have a WHEN, and body.
    """

    oid: int
    name: str
    sql: str
    columns: tuple[RowColumn, ...]
    keys: tuple[Key, ...] = ()
    references: tuple[Reference, ...] = ()
    rules: tuple[Rule, ...] = ()
    triggers: tuple[tuple[str, str, str], ...] = ()
    partitioned: bool = False
    by_name: dict[str, RowColumn] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self.by_name.update({column.name: column for column in self.columns})
