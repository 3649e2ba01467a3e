"""What a statement says, as values: the reader's result, and what rules of effects decide on.

Source: PostgreSQL manual, part VI (SQL commands), 14 to 18.
"""

from __future__ import annotations

from dataclasses import dataclass

from modeler.postgres.locks import LockMode
from modeler.previews.sql.actions import Action
from modeler.previews.sql.definitions import Column, Constraint, Name, ObjectKind


@dataclass(frozen=True, slots=True)
class CreateTable:
    name: Name
    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    if_not_exists: bool = False
    temporary: bool = False
    unlogged: bool = False
    partition_of: Name | None = None
    partition_by: str = ""
    inherits: tuple[Name, ...] = ()
    like: tuple[Name, ...] = ()
    query: str = ""  # of CREATE TABLE AS


@dataclass(frozen=True, slots=True)
class AlterRelation:
    """ALTER TABLE, INDEX, VIEW, MATERIALIZED VIEW, SEQUENCE or FOREIGN TABLE.

    ``kind`` is the word that was written: PostgreSQL lets ALTER TABLE rename an index, with
    another lock than ALTER INDEX takes.
    """

    kind: ObjectKind
    name: Name
    actions: tuple[Action, ...]
    if_exists: bool = False
    only: bool = False


@dataclass(frozen=True, slots=True)
class IndexElement:
    """A column's name, or the text of an expression; the other is ``""``."""

    column: str = ""
    expression: str = ""
    collation: str = ""
    operator_class: str = ""


@dataclass(frozen=True, slots=True)
class CreateIndex:
    table: Name
    name: str = ""
    elements: tuple[IndexElement, ...] = ()
    unique: bool = False
    concurrently: bool = False
    if_not_exists: bool = False
    only: bool = False
    method: str = "btree"
    include: tuple[str, ...] = ()
    where: str = ""
    nulls_distinct: bool = True


@dataclass(frozen=True, slots=True)
class Drop:
    """DROP of anything; ``on`` is the table of a trigger, rule or policy."""

    kind: ObjectKind
    names: tuple[Name, ...]
    if_exists: bool = False
    cascade: bool = False
    concurrently: bool = False
    on: Name | None = None


@dataclass(frozen=True, slots=True)
class Reindex:
    """``target`` is ``index``, ``table``, ``schema``, ``database`` or ``system``."""

    target: str
    name: Name
    concurrently: bool = False


@dataclass(frozen=True, slots=True)
class CreateSequence:
    name: Name
    owned_by: Name | None = None  # the table
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class AlterSequence:
    """``changes_values``: AS, RESTART, INCREMENT and kin, which write the sequence's file anew."""

    name: Name
    changes_values: bool
    owned_by: Name | None = None


@dataclass(frozen=True, slots=True)
class CreateTrigger:
    name: str
    table: Name
    constraint: bool = False
    or_replace: bool = False


@dataclass(frozen=True, slots=True)
class CreateRule:
    name: str
    table: Name


@dataclass(frozen=True, slots=True)
class Policy:
    """CREATE or ALTER POLICY."""

    name: str
    table: Name


@dataclass(frozen=True, slots=True)
class Query:
    """A data statement: ``verb`` is ``select``, ``insert``, ``update``, ``delete``, ``merge``,
    ``copy from`` or ``copy to``.

    Attributes:
        writes: tables whose rows it changes; also by a data-modifying WITH.
        reads: other tables it reads.
        locks_rows: of those, the ones of SELECT … FOR UPDATE or FOR SHARE.
        filtered: it has a WHERE (or a join) that limits the rows it changes.
        from_rows: an INSERT of VALUES, whose rows are written out: its work does not grow.
        functions: names of called functions in lower case, for sequences and side effects.
    """

    verb: str
    writes: tuple[Name, ...] = ()
    reads: tuple[Name, ...] = ()
    locks_rows: tuple[Name, ...] = ()
    filtered: bool = False
    from_rows: bool = False
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CreateView:
    name: Name
    query: Query | None
    materialized: bool = False
    or_replace: bool = False
    with_data: bool = True


@dataclass(frozen=True, slots=True)
class RefreshView:
    name: Name
    concurrently: bool = False
    with_data: bool = True


@dataclass(frozen=True, slots=True)
class CreateObject:
    """CREATE of something that locks no table: type, domain, function, schema, extension, …"""

    kind: ObjectKind
    name: Name
    or_replace: bool = False
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class AlterObject:
    """ALTER of something that is no relation.

    Attributes:
        action: first words, lower case: ``add value``, ``rename value``, ``rename``,
            ``set schema``, ``owner``, ``add constraint``, ``drop constraint``,
            ``validate constraint``, ``set not null``, ``set default``, …
        value: of ADD VALUE the new value; of a domain's constraint its name.
        valid: False: a domain's constraint is added NOT VALID.
    """

    kind: ObjectKind
    name: Name
    action: str
    value: str = ""
    valid: bool = True


@dataclass(frozen=True, slots=True)
class CreateStatistics:
    name: Name
    tables: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """``table``: of a column, constraint, trigger, rule or policy."""

    kind: ObjectKind
    name: Name
    table: Name | None = None


@dataclass(frozen=True, slots=True)
class Truncate:
    tables: tuple[Name, ...]
    cascade: bool = False
    restart_identity: bool = False
    only: bool = False


@dataclass(frozen=True, slots=True)
class LockTable:
    tables: tuple[Name, ...]
    mode: LockMode
    nowait: bool = False


@dataclass(frozen=True, slots=True)
class Maintain:
    """``verb`` is ``vacuum``, ``vacuum full``, ``analyze`` or ``cluster``; no tables: all."""

    verb: str
    tables: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class SetParameter:
    """SET, SET LOCAL or RESET (``value`` None) of a parameter, in lower case."""

    name: str
    value: str | None
    local: bool = False


@dataclass(frozen=True, slots=True)
class SetConstraints:
    """SET CONSTRAINTS; no names: ALL."""

    names: tuple[Name, ...]
    immediate: bool


@dataclass(frozen=True, slots=True)
class Transaction:
    """``verb`` is ``begin``, ``commit``, ``rollback``, ``savepoint``, ``release`` or
    ``rollback to``."""

    verb: str


@dataclass(frozen=True, slots=True)
class Privileges:
    """GRANT or REVOKE on tables; on anything else ``tables`` is empty."""

    tables: tuple[Name, ...] = ()
    grants: bool = True


@dataclass(frozen=True, slots=True)
class Opaque:
    """A DO block, CALL or dynamic SQL: what it does stands in code that is not read."""

    verb: str


@dataclass(frozen=True, slots=True)
class Unread:
    """What the reader does not know, and why."""

    reason: str


Command = (
    CreateTable | AlterRelation | CreateIndex | Drop | Reindex | CreateSequence | AlterSequence
    | CreateTrigger | CreateRule | Policy | Query | CreateView | RefreshView | CreateObject
    | AlterObject | CreateStatistics | Comment | Truncate | LockTable | Maintain | SetParameter
    | SetConstraints | Transaction | Privileges | Opaque | Unread
)  # fmt: skip
