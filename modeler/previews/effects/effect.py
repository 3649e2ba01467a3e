"""What a statement does to a live server: the locks it takes, and work that grows with rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from modeler.postgres.locks import LockMode


class RelationKind(StrEnum):
    """What ``pg_class.relkind`` says, in words."""

    TABLE = "table"
    PARTITIONED_TABLE = "partitioned table"
    INDEX = "index"
    PARTITIONED_INDEX = "partitioned index"
    SEQUENCE = "sequence"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized view"
    FOREIGN_TABLE = "foreign table"

    @property
    def holds_rows(self) -> bool:
        """People read and write it; a lock on it makes them wait."""
        return self in {
            RelationKind.TABLE,
            RelationKind.PARTITIONED_TABLE,
            RelationKind.MATERIALIZED_VIEW,
        }


@dataclass(frozen=True, slots=True, order=True)
class Lock:
    """A lock that a statement takes and its transaction keeps.

    Attributes:
        relation: its name as in ``relation_name``.
        kind: of the relation.
        mode: how strong. One statement may take several modes of one relation.
        cause: why, in words, naming the other table where that is the reason; ``""`` in a trace.
        table: of an index, the table it belongs to.
    """

    relation: str
    kind: RelationKind
    mode: LockMode
    cause: str = ""
    table: str = ""


class WorkKind(StrEnum):
    """Work whose time grows with a table's rows."""

    REWRITE = "rewrite"  # every row is written anew, and every index built again
    COPY = "file copy"  # SET TABLESPACE: files are copied, rows are not looked at
    SCAN = "scan"  # every row is read and checked
    INDEX_BUILD = "index build"
    VALIDATION = "foreign-key validation"  # rows of both sides are read
    ROWS = "rows written"  # INSERT, UPDATE, DELETE of rows that are there
    READ = "rows read"  # a query of the migration itself


@dataclass(frozen=True, slots=True, order=True)
class Work:
    """Work on one table.

    Attributes:
        relation: the table with whose rows the work grows.
        kind: see WorkKind.
        detail: name of the index or constraint, ``""`` where there is none.
        cause: why, in words; ``""`` in a trace.
    """

    relation: str
    kind: WorkKind
    detail: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Dropped:
    """Something that is gone after a statement, named by it or taken along.

    Attributes:
        kind: ``table``, ``column``, ``index``, ``foreign key``, ``view`` or
            ``materialized view``.
        name: bare, but for relations, which are named as in ``relation_name``.
        table: that it belongs to; of a relation itself ``""``.
        columns: its own; of a foreign key those of its table.
        target: of a foreign key, the table it refers to.
        constraint: of an index, the constraint that it carried.
        unique: of an index.
        required: of a column: an INSERT that leaves it out fails.
    """

    kind: str
    name: str
    table: str = ""
    columns: tuple[str, ...] = ()
    target: str = ""
    constraint: str = ""
    unique: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Effects:
    """What the rules say that a statement does.

    Attributes:
        locks: on relations that were there before it, sorted.
        work: sorted.
        creates: relations that it makes; nobody waits for them.
        waits: for whom it waits besides its locks (CONCURRENTLY), a sentence each.
        fails: why it cannot succeed, where the catalog alone says so.
        unread: why it was not analysed, ``""`` where it was.
        drops: what is gone afterwards, sorted.
        hindered_by: views, generated columns and policies because of which it fails.
    """

    locks: tuple[Lock, ...] = ()
    work: tuple[Work, ...] = ()
    creates: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    fails: str = ""
    unread: str = ""
    drops: tuple[Dropped, ...] = ()
    hindered_by: tuple[str, ...] = ()
