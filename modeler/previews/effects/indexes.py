"""Indexes: building, dropping, rebuilding."""

from __future__ import annotations

from modeler.previews.effects.alteration import dropped_index
from modeler.previews.effects.catalog import Index, Relation
from modeler.previews.effects.effect import RelationKind, WorkKind
from modeler.previews.effects.names_chosen import chosen_name
from modeler.previews.effects.record import AX, SUX, Record, S
from modeler.previews.relation_names import bare_name, sibling
from modeler.previews.sql.commands import CreateIndex, Drop, Reindex

INDEXES = frozenset({RelationKind.INDEX, RelationKind.PARTITIONED_INDEX})
OLDER_SNAPSHOTS = (
    "every transaction in the database whose snapshot is older, also one that only reads "
    "other tables under REPEATABLE READ"
)


def create_index(record: Record, command: CreateIndex) -> None:
    """CREATE INDEX on a table and, unless ONLY, on its partitions."""
    table = record.catalog.relation(command.table)
    if table is None:
        record.fail(f"{record.catalog.display(command.table)} does not exist")
        return
    partitioned = table.kind is RelationKind.PARTITIONED_TABLE
    own = sibling(table.name, command.name) if command.name else ""
    mode = SUX if command.concurrently else S
    words = f"an index is built ({command.name})" if command.name else "an index is built"
    record.lock(table, mode, words)
    members = list(record.family(table)) if partitioned and not command.only else [table]
    for member in members:
        record.lock(member, mode, words)
    if own and record.catalog.relation(own) is not None:
        if not command.if_not_exists:
            record.fail(f"a relation {own} exists already")
        return
    if command.concurrently and partitioned:
        record.fail(f"{table.name} is partitioned: build the index on each partition instead")
        return
    for member in members:
        name = own if own and member.name == table.name else _made_name(record, member, command)
        if member.kind is not RelationKind.PARTITIONED_TABLE:
            record.work(member.name, WorkKind.INDEX_BUILD, words, bare_name(name))
        record.create(name)
    if command.concurrently:
        record.waits += [f"everyone who writes to {table.name} by now", OLDER_SNAPSHOTS]


def _made_name(record: Record, table: Relation, command: CreateIndex) -> str:
    parts: list[str] = []
    for element in command.elements:
        part = element.column or _expression_name(element.expression)
        number, free = 0, part
        while free in parts:
            number += 1
            free = f"{part}{number}"
        parts.append(free)
    parts += [name for name in command.include if name not in parts]

    def is_taken(name: str) -> bool:
        return record.catalog.relation(sibling(table.name, name)) is not None

    return sibling(table.name, chosen_name(bare_name(table.name), parts, "idx", is_taken))


def _expression_name(text: str) -> str:
    """A call's function names its index column, anything else is ``expr``."""
    head, bracket, _ = text.strip().strip("()").partition("(")
    return head.strip().lower() if bracket and head.strip().isidentifier() else "expr"


def drop_indexes(record: Record, command: Drop) -> None:
    """DROP INDEX: nobody may use the table meanwhile, unless CONCURRENTLY."""
    for name in command.names:
        index = record.catalog.relation(name)
        if index is None or index.kind not in INDEXES:
            if not command.if_exists or index is not None:
                record.fail(f"there is no index {record.catalog.display(name)}")
            continue
        drop_index(record, index, command)


def drop_index(record: Record, index: Relation, command: Drop) -> None:
    table = record.catalog.relation(index.table)
    if table is None:
        return
    own = table.index(index.name)
    if own is not None and own.constraint:
        record.fail(f"{index.name} belongs to the constraint {own.constraint}: drop that instead")
        return
    mode = SUX if command.concurrently else AX
    if command.concurrently:
        record.waits.append(f"everyone who uses {table.name} by now, also those who only read")
    gone: set[str] = set()
    if index.kind is RelationKind.PARTITIONED_INDEX:
        for member in record.family(table):
            record.lock(member, mode, f"its index {index.name} is dropped, and parts of it")
    for member in (
        record.family(table) if index.kind is RelationKind.PARTITIONED_INDEX else [table]
    ):
        for found in member.indexes:
            if found.name == index.name or found.parent in gone:
                gone.add(found.name)
                record.drop(dropped_index(member, found))
                record.lock_index(member, found, mode, "it is dropped")
                record.lock(member, mode, f"its index {found.name} is dropped")


def reindex(record: Record, command: Reindex) -> None:
    """REINDEX: writes wait, and reads too as far as they plan with the index."""
    if command.target not in {"index", "table"}:
        record.unread = f"REINDEX {command.target.upper()} goes over every table there"
        return
    found = record.catalog.relation(command.name)
    if found is None:
        record.fail(f"{record.catalog.display(command.name)} does not exist")
        return
    table = record.catalog.relation(found.table) if found.kind in INDEXES else found
    if table is None:
        return
    if RelationKind.PARTITIONED_TABLE in {table.kind}:
        record.waits.append("each partition is done in a transaction of its own")
    for member in record.leaves(table):
        if found.kind in INDEXES:
            indexes = [index for index in member.indexes if found.name in _line(record, index)]
        else:
            indexes = list(member.indexes)
        if not indexes:
            if found.kind not in INDEXES:
                record.lock(member, SUX if command.concurrently else S, "its indexes are rebuilt")
            continue
        cause = f"{indexes[0].name if len(indexes) == 1 else 'every index'} is built again"
        if not command.concurrently:
            record.lock(member, S, cause)
            record.rebuild(member, indexes, cause)
            continue
        record.lock(member, SUX, cause)
        for index in indexes:
            record.lock_index(member, index, SUX, cause)
            record.work(member.name, WorkKind.INDEX_BUILD, cause,
                        f"{bare_name(index.name)}_ccnew")  # fmt: skip
    if command.concurrently:
        record.waits += [f"everyone who uses {table.name} by now", OLDER_SNAPSHOTS]


def _line(record: Record, index: Index) -> set[str]:
    """An index and the partitioned ones above it."""
    names = {index.name}
    parent = index.parent
    while parent:
        names.add(parent)
        above = record.catalog.relation(parent)
        table = record.catalog.relation(above.table) if above else None
        own = table.index(parent) if table else None
        parent = own.parent if own else ""
    return names
