"""Collecting what one statement does; what the server does again and again, said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modeler.postgres.locks import LockMode
from modeler.previews.effects.catalog import Catalog, Index, Relation
from modeler.previews.effects.effect import (
    Dropped,
    Effects,
    Lock,
    RelationKind,
    Work,
    WorkKind,
)
from modeler.previews.relation_names import bare_name

AS = LockMode.ACCESS_SHARE
RS = LockMode.ROW_SHARE
RX = LockMode.ROW_EXCLUSIVE
SUX = LockMode.SHARE_UPDATE_EXCLUSIVE
S = LockMode.SHARE
SRX = LockMode.SHARE_ROW_EXCLUSIVE
X = LockMode.EXCLUSIVE
AX = LockMode.ACCESS_EXCLUSIVE
# Nobody waits for reads of the system's own relations.
SYSTEM = ("pg_catalog.", "information_schema.", "pg_toast.")
# Partitioned indexes are opened by the planner since then.
PARTITIONED_INDEXES_PLANNED = 16


class Record:
    """Locks and work found so far. The first cause of a lock or of work is the one kept."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._locks: dict[tuple[str, LockMode], Lock] = {}
        self._work: dict[tuple[str, WorkKind, str], Work] = {}
        self._creates: list[str] = []
        self.waits: list[str] = []
        self.fails = ""
        self.unread = ""
        self._drops: set[Dropped] = set()
        self.hindered_by: list[str] = []

    def effects(self) -> Effects:
        """Return all of it as a value."""
        return Effects(
            tuple(sorted(self._locks.values())), tuple(sorted(self._work.values())),
            self._created(), tuple(self.waits), self.fails, self.unread,
            tuple(sorted(self._drops)), tuple(dict.fromkeys(self.hindered_by)),
        )  # fmt: skip

    def _created(self) -> tuple[str, ...]:
        """Without what is only made anew in the place of what was there."""
        names = set(self._creates)
        return tuple(sorted(name for name in names if self.catalog.relation(name) is None))

    def fail(self, reason: str) -> None:
        self.fails = self.fails or reason

    def drop(self, dropped: Dropped) -> None:
        """Note what is gone after the statement."""
        self._drops.add(dropped)

    def create(self, *names: str) -> None:
        """Note relations that the statement makes."""
        self._creates += [name for name in names if name]

    def lock(self, relation: Relation, mode: LockMode, cause: str) -> None:
        self._lock(relation.name, relation.kind, mode, cause, relation.table)

    def lock_named(self, name: str, mode: LockMode, cause: str) -> Relation | None:
        """Lock a relation that a fact names; nothing where it is not there."""
        relation = self.catalog.relation(name)
        if relation is not None:
            self.lock(relation, mode, cause)
        return relation

    def lock_index(self, table: Relation, index: Index, mode: LockMode, cause: str) -> None:
        self._lock(index.name, index.kind, mode, cause, table.name)

    def lock_indexes(self, table: Relation, mode: LockMode, cause: str) -> None:
        for index in table.indexes:
            self.lock_index(table, index, mode, cause)

    def _lock(self, name: str, kind: RelationKind, mode: LockMode, cause: str, table: str) -> None:
        if name not in self._creates and not name.startswith(SYSTEM):
            self._locks.setdefault((name, mode), Lock(name, kind, mode, cause, table))

    def has_lock(self, name: str, mode: LockMode) -> bool:
        return (name, mode) in self._locks

    def unlock(self, name: str, mode: LockMode) -> None:
        """Take back a lock that turned out not to be taken."""
        self._locks.pop((name, mode), None)

    def work(self, relation: str, kind: WorkKind, cause: str, detail: str = "") -> None:
        if relation not in self._creates and not relation.startswith(SYSTEM):
            self._work.setdefault((relation, kind, detail), Work(relation, kind, detail, cause))

    # What the planner and the executor do

    def plan(self, relation: Relation, mode: LockMode, cause: str) -> None:
        """The planner opens a relation with all its indexes, in one mode."""
        self.lock(relation, mode, cause)
        if (
            relation.kind is RelationKind.PARTITIONED_TABLE
            and self.catalog.session.major < PARTITIONED_INDEXES_PLANNED
        ):
            return
        self.lock_indexes(relation, mode, f"{cause}; the planner opens every index")

    # What every rewrite does

    def rebuild(self, table: Relation, indexes: Iterable[Index], cause: str) -> None:
        """Build indexes of a table anew, in place."""
        for index in indexes:
            if index.kind is not RelationKind.INDEX:
                continue
            self.lock(table, S, cause)
            self.lock_index(table, index, AX, cause)
            self.work(table.name, WorkKind.INDEX_BUILD, cause, bare_name(index.name))

    # Families of tables

    def family(self, relation: Relation) -> Iterator[Relation]:
        """A table, its partitions and the tables that inherit from it, all the way down."""
        yield relation
        for name in relation.children:
            child = self.catalog.relation(name)
            if child is not None:
                yield from self.family(child)

    def leaves(self, relation: Relation) -> Iterator[Relation]:
        """Those of the family that hold rows."""
        return (
            member
            for member in self.family(relation)
            if member.kind is not RelationKind.PARTITIONED_TABLE
        )

    def ancestors(self, relation: Relation) -> Iterator[Relation]:
        for name in relation.parents:
            parent = self.catalog.relation(name)
            if parent is not None:
                yield parent
                yield from self.ancestors(parent)
