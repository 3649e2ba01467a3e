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
    selected: Query | None = None  # that query, read; None where it cannot be
    with_data: bool = True
    of_type: Name | None = None
    bounds: str = ""  # of a partition
    foreign: bool = False


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
    order: str = ""  # "desc nulls last" and kin


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
    tablespace: str = ""


@dataclass(frozen=True, slots=True)
class Drop:
    """DROP of anything; ``on`` is the table of a trigger, rule or policy.

    ``written`` here and below: the kind in the statement's own words, lower case: ``procedure``,
    ``event trigger``, ``operator class``.
    """

    kind: ObjectKind
    names: tuple[Name, ...]
    if_exists: bool = False
    cascade: bool = False
    concurrently: bool = False
    on: Name | None = None
    written: str = ""


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
    temporary: bool = False
    unlogged: bool = False


@dataclass(frozen=True, slots=True)
class AlterSequence:
    """``changes_values``: AS, RESTART, INCREMENT and kin, which write the sequence's file anew."""

    name: Name
    changes_values: bool
    owned_by: Name | None = None
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class CreateTrigger:
    name: str
    table: Name
    constraint: bool = False
    or_replace: bool = False
    timing: str = ""  # "before", "after", "instead of"
    events: tuple[str, ...] = ()  # "insert", "update", "delete", "truncate"
    function: Name | None = None
    referenced: Name | None = None  # the other table of a constraint trigger


@dataclass(frozen=True, slots=True)
class CreateRule:
    name: str
    table: Name
    or_replace: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """CREATE or ALTER POLICY."""

    name: str
    table: Name
    creates: bool = True
    renamed_to: str = ""


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
        columns: that an INSERT lists or an UPDATE sets; empty where none are listed.
        sequences: named by ``nextval('…')`` and ``setval('…')``.
        conflict: of INSERT … ON CONFLICT: ``nothing``, ``target`` (named, DO NOTHING) or
            ``update``.
        serials: tables and columns named by ``pg_get_serial_sequence('…', '…')``.
    """

    verb: str
    writes: tuple[Name, ...] = ()
    reads: tuple[Name, ...] = ()
    locks_rows: tuple[Name, ...] = ()
    filtered: bool = False
    from_rows: bool = False
    functions: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    sequences: tuple[Name, ...] = ()
    conflict: str = ""
    serials: tuple[tuple[Name, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CreateView:
    name: Name
    query: Query | None
    materialized: bool = False
    or_replace: bool = False
    with_data: bool = True
    if_not_exists: bool = False
    temporary: bool = False
    text: str = ""  # of the query


@dataclass(frozen=True, slots=True)
class RefreshView:
    name: Name
    concurrently: bool = False
    with_data: bool = True


@dataclass(frozen=True, slots=True)
class CreateObject:
    """CREATE of something that is no relation: type, domain, function, schema, extension, …

    Attributes:
        type: of a domain.
        constraints: of a domain.
        tables: of a publication, which locks them.
        contents: commands within CREATE SCHEMA.
    """

    kind: ObjectKind
    name: Name
    or_replace: bool = False
    if_not_exists: bool = False
    written: str = ""
    type: str = ""
    constraints: tuple[Constraint, ...] = ()
    tables: tuple[Name, ...] = ()
    contents: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class AlterObject:
    """ALTER of something that is no relation.

    Attributes:
        action: first words, lower case: ``add value``, ``rename value``, ``rename``,
            ``set schema``, ``owner``, ``add constraint``, ``drop constraint``,
            ``validate constraint``, ``set not null``, ``set default``, …
        value: of ADD VALUE the new value; of a domain's constraint its name.
        valid: False: a domain's constraint is added NOT VALID.
        written: the kind in the statement's own words.
        cascade: of DROP ATTRIBUTE, DROP CONSTRAINT, DROP OWNED, ALTER ATTRIBUTE.
        constraint: of a domain's ADD.
        table: of a trigger or rule.
        tables: of a publication.
        to: new name of a rename.
    """

    kind: ObjectKind
    name: Name
    action: str
    value: str = ""
    valid: bool = True
    written: str = ""
    cascade: bool = False
    constraint: Constraint | None = None
    table: Name | None = None
    tables: tuple[Name, ...] = ()
    to: str = ""


@dataclass(frozen=True, slots=True)
class CreateStatistics:
    name: Name
    tables: tuple[Name, ...]
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """``table``: of a column, constraint, trigger, rule or policy."""

    kind: ObjectKind
    name: Name
    table: Name | None = None
    text: str | None = None  # None: IS NULL
    written: str = ""


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
    only: bool = False


@dataclass(frozen=True, slots=True)
class Maintain:
    """``verb`` is ``vacuum``, ``vacuum full``, ``analyze`` or ``cluster``; no tables: all."""

    verb: str
    tables: tuple[Name, ...] = ()
    analyze: bool = False  # VACUUM ANALYZE too


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
    """``verb`` is ``begin``, ``commit``, ``rollback``, ``savepoint``, ``release``,
    ``rollback to``, ``prepare``, ``commit prepared`` or ``rollback prepared``."""

    verb: str
    name: str = ""  # of a savepoint or a prepared transaction


@dataclass(frozen=True, slots=True)
class Session:
    """What touches no relation: SHOW, LISTEN, NOTIFY, DISCARD, CHECKPOINT, PREPARE, FETCH, …"""

    verb: str


@dataclass(frozen=True, slots=True)
class Privileges:
    """GRANT or REVOKE on tables; on anything else ``tables`` is empty.

    ``schemas``: of ON ALL TABLES IN SCHEMA.
    """

    tables: tuple[Name, ...] = ()
    grants: bool = True
    schemas: tuple[str, ...] = ()


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
    | SetConstraints | Transaction | Session | Privileges | Opaque | Unread
)  # fmt: skip
