"""One ALTER TABLE: its parts share one lock, one rewrite and one scan, as on the server.

Source: ``ATController`` (commands/tablecmds.c): all parts are prepared, then each table of the
family is rewritten or scanned at most once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from modeler.previews.effects.catalog import ForeignKey, Index, Relation
from modeler.previews.effects.effect import Dropped, RelationKind, WorkKind
from modeler.previews.effects.record import AS, AX, RS, SRX, Record, S
from modeler.previews.relation_names import bare_name
from modeler.previews.sql import definitions

# Triggers of foreign keys are made on partitioned tables too since then.
TRIGGERS_ON_PARTITIONED = 15


@dataclass(slots=True)
class Alteration:
    """What has been decided so far.

    Attributes:
        table: the table that was named.
        only: ONLY was written: its family is left alone.
        rewrites, scans: causes by name of a relation.
        dropped: indexes that the statement drops or makes anew under another number.
        builds: new indexes: table, name, cause.
        validations: foreign keys to check: name, child, parent, cause.
        added: columns of the statement's own.
        replaced: whether the index that comes in an old one's place keeps its file.
    """

    record: Record
    table: Relation
    only: bool = False
    rewrites: dict[str, str] = field(default_factory=dict)
    scans: dict[str, str] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    builds: list[tuple[Relation, str, str]] = field(default_factory=list)
    validations: list[tuple[str, Relation, Relation, str]] = field(default_factory=list)
    added: dict[str, definitions.Column] = field(default_factory=dict)
    replaced: dict[str, dict[str, bool]] = field(default_factory=dict)
    recreated_keys: set[tuple[str, str]] = field(default_factory=set)

    @property
    def family(self) -> list[Relation]:
        """Tables that the parts go to."""
        return [self.table] if self.only else list(self.record.family(self.table))

    def rewrite(self, table: Relation, cause: str) -> None:
        if table.kind is not RelationKind.PARTITIONED_TABLE:
            self.rewrites.setdefault(table.name, cause)

    def scan(self, table: Relation, cause: str) -> None:
        if table.kind is not RelationKind.PARTITIONED_TABLE:
            self.scans.setdefault(table.name, cause)

    def drop_index(self, table: Relation, index: Index, cause: str) -> None:
        self.record.lock_index(table, index, AX, cause)
        self.dropped.add(index.name)
        self.record.drop(dropped_index(table, index))

    def replace_index(self, table: Relation, index: Index, *, keeps: bool, cause: str) -> None:
        """An index is made anew; it ``keeps`` its file where it would come out the same."""
        kept = self.replaced.setdefault(table.name, {}).setdefault(index.name, keeps)
        if kept and not keeps:
            self.replaced[table.name][index.name] = False

    def add_foreign_key_locks(
        self, child: Relation, parent: Relation, cause: str, *, enforced: bool = True
    ) -> None:
        """Locks of making a foreign key: the triggers that carry it out come with it."""
        record = self.record
        back = f"a new foreign key of {child.name} refers to it"
        for member in record.family(parent):
            record.lock(member, SRX, back)
        if not enforced:
            return
        record.lock(parent, AS, f"triggers of a foreign key of {child.name} are made on it")
        major = record.catalog.session.major
        for member in record.family(child):
            partitioned = member.kind is RelationKind.PARTITIONED_TABLE
            if not partitioned or major >= TRIGGERS_ON_PARTITIONED:
                record.lock(member, SRX, cause)
        record.lock(child, AS, cause)

    def finish(self) -> None:
        """Record the work that the parts share."""
        record = self.record
        members = {member.name: member for member in record.family(self.table)}
        for name, cause in self.rewrites.items():
            table = members[name]
            record.work(name, WorkKind.REWRITE, cause)
            record.lock(table, S, f"{cause}: its indexes are built again")
            kept = [index for index in table.indexes
                    if index.name not in self.dropped or (name in self.replaced
                    and index.name in self.replaced[name])]  # fmt: skip
            record.rebuild(table, kept, f"{cause}: the rewrite builds every index again")
        for name, cause in self.scans.items():
            if name not in self.rewrites:
                record.work(name, WorkKind.SCAN, cause)
        for name, indexes in self.replaced.items():
            self._replace(members[name], indexes)
        for table, index_name, cause in self.builds:
            record.lock(table, S, cause)
            if table.kind is not RelationKind.PARTITIONED_TABLE:
                record.work(table.name, WorkKind.INDEX_BUILD, cause, index_name)
        for key, child, parent, cause in self.validations:
            self._validate(key, child, parent, cause)

    def _replace(self, table: Relation, indexes: dict[str, bool]) -> None:
        record = self.record
        for index_name, keeps in indexes.items():
            index = table.index(index_name)
            if index is None:
                continue
            cause = "its column's type changes, so it is made anew"
            record.lock(table, S, f"{cause} ({index_name})")
            record.lock_index(table, index, AX, cause)
            self._replace_trigger(table, index)
            if table.name in self.rewrites:
                continue
            if keeps and not (self.rewrites and table.children):
                record.lock_index(table, index, AS, f"{cause}; its file is kept")
            elif index.kind is RelationKind.INDEX:
                record.work(table.name, WorkKind.INDEX_BUILD, cause, bare_name(index_name))

    def _replace_trigger(self, table: Relation, index: Index) -> None:
        constraint = table.constraint(index.constraint) if index.constraint else None
        if constraint is not None and constraint.deferrable:
            self.record.lock(table, SRX, f"{constraint.name} is deferrable: its trigger is new")

    def _validate(self, key: str, child: Relation, parent: Relation, cause: str) -> None:
        validate_key(self.record, key, child, parent, cause, self._gone())

    def _gone(self) -> frozenset[str]:
        """Indexes that nobody finds any more."""
        made_anew = {name for some in self.replaced.values() for name in some}
        return frozenset(self.dropped | made_anew)


def validate_key(
    record: Record,
    key: str,
    child: Relation,
    parent: Relation,
    cause: str,
    gone: frozenset[str] = frozenset(),
) -> None:
    """The server reads both sides of a foreign key in one query (``RI_Initial_Check``)."""
    record.lock(parent, RS, cause)
    for leaf in record.leaves(child):
        query(record, leaf, cause, gone)
        record.work(leaf.name, WorkKind.VALIDATION, cause, key)
    for member in record.family(parent):
        query(record, member, cause, gone)
        if member.kind is not RelationKind.PARTITIONED_TABLE:
            record.work(member.name, WorkKind.VALIDATION, cause, key)


def query(record: Record, table: Relation, cause: str, gone: frozenset[str]) -> None:
    """What planning of the server's own query locks, without the indexes that are gone."""
    before = {index.name for index in table.indexes if record.has_lock(index.name, AS)}
    record.plan(table, AS, cause)
    for index in table.indexes:
        if index.name in gone and index.name not in before:
            record.unlock(index.name, AS)


def key_words(key: ForeignKey) -> str:
    return f"the foreign key {key.name} of {key.table} to {key.target}"


def dropped_index(table: Relation, index: Index) -> Dropped:
    return Dropped("index", index.name, table.name, tuple(dict.fromkeys(index.columns)),
                   constraint=index.constraint, unique=index.unique)  # fmt: skip
