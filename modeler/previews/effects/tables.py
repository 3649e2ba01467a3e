"""Whole tables: creating, dropping, emptying, locking."""

from __future__ import annotations

from dataclasses import replace

from modeler.previews.effects.catalog import Relation
from modeler.previews.effects.data import read_rows
from modeler.previews.effects.drops import drop_table, drop_view
from modeler.previews.effects.effect import RelationKind
from modeler.previews.effects.names_chosen import chosen_name
from modeler.previews.effects.partitions import create_partition, partition_index_name
from modeler.previews.effects.record import AS, AX, RX, SRX, SUX, Record, S
from modeler.previews.effects.type_text import read_type_text
from modeler.previews.relation_names import bare_name, sibling
from modeler.previews.sql.commands import CreateTable, Drop, LockTable, Truncate
from modeler.previews.sql.definitions import Constraint

LABELS = {"unique": "key", "primary key": "pkey", "exclude": "excl"}


def create_table(record: Record, command: CreateTable) -> None:
    """CREATE TABLE waits for whoever it refers to, not for anyone of its own."""
    catalog = record.catalog
    name = catalog.display(command.name)
    if catalog.relation(command.name) is not None and not command.temporary:
        if not command.if_not_exists:
            record.fail(f"{name} exists already")
        return
    if command.selected is not None:
        read_rows(record, command.selected, plans=command.with_data)
    elif command.query and command.selected is None:
        record.unread = "the query of CREATE TABLE AS could not be read"
    constraints = [
        replace(part, columns=part.columns or (column.name,))
        for column in command.columns
        for part in column.constraints
    ] + list(command.constraints)
    for constraint in constraints:
        if constraint.kind == "foreign key":
            _refer(record, name, constraint)
    for parent in command.inherits:
        found = catalog.relation(parent)
        if found is not None:
            record.lock(found, SUX, f"{name} inherits from it")
    for like in command.like:
        found = catalog.relation(like)
        if found is not None:
            record.lock(found, AS, f"{name} is made like it")
    if command.partition_of is not None:
        parent_table = catalog.relation(command.partition_of)
        if parent_table is None:
            record.fail(f"{catalog.display(command.partition_of)} does not exist")
            return
        create_partition(record, parent_table, name)
        _name_indexes_of_partition(record, name, parent_table)
    if command.temporary:
        return  # its name is in a schema of the session's own
    record.create(name)
    _name_parts(record, name, command, constraints)


def _refer(record: Record, name: str, constraint: Constraint) -> None:
    reference = constraint.references
    if reference is None or record.catalog.display(reference.table) == name:
        return
    parent = record.catalog.relation(reference.table)
    if parent is None:
        record.fail(f"{record.catalog.display(reference.table)} does not exist")
        return
    cause = f"a foreign key of the new table {name} refers to it"
    for member in record.family(parent):
        record.lock(member, SRX, cause)
    if constraint.enforced:
        record.lock(parent, AS, cause)


def _name_indexes_of_partition(record: Record, name: str, parent: Relation) -> None:
    made = Relation(name, RelationKind.TABLE)
    for index in parent.indexes:
        record.create(partition_index_name(record, made, index))


def _name_parts(
    record: Record, name: str, command: CreateTable, constraints: list[Constraint]
) -> None:
    """Sequences and indexes that come with the table."""
    made: set[str] = set()

    def free(columns: tuple[str, ...], label: str) -> str:
        def is_taken(found: str) -> bool:
            shown = sibling(name, found)
            return shown in made or record.catalog.relation(shown) is not None

        chosen = sibling(name, chosen_name(bare_name(name), columns, label, is_taken))
        made.add(chosen)
        return chosen

    for column in command.columns:
        kind = read_type_text(column.type)
        if column.identity or (kind is not None and kind.is_serial):
            record.create(free((column.name,), "seq"))
    for constraint in constraints:
        if constraint.kind in LABELS:
            columns = () if constraint.kind == "primary key" else constraint.columns
            own = sibling(name, constraint.name) if constraint.name else ""
            record.create(own or free(columns, LABELS[constraint.kind]))


def drop_relations(record: Record, command: Drop) -> None:
    """DROP TABLE, VIEW, MATERIALIZED VIEW."""
    together = frozenset(record.catalog.display(name) for name in command.names)
    for name in command.names:
        found = record.catalog.relation(name)
        if found is None:
            if not command.if_exists:
                record.fail(f"{record.catalog.display(name)} does not exist")
        elif found.kind in {RelationKind.VIEW, RelationKind.MATERIALIZED_VIEW}:
            drop_view(record, found, "it is dropped", cascade=command.cascade, together=together)
        else:
            drop_table(record, found, "it is dropped", cascade=command.cascade, together=together)


def truncate(record: Record, command: Truncate) -> None:
    """TRUNCATE gives each table, and its indexes, an empty file."""
    named = [record.catalog.relation(name) for name in command.tables]
    queue = [(table, "it is emptied") for table in named if table is not None]
    if len(queue) < len(named):
        record.fail("one of the tables does not exist")
    done: set[str] = set()
    while queue:
        table, cause = queue.pop(0)
        for member in [table] if command.only else list(record.family(table)):
            if member.name in done:
                continue
            done.add(member.name)
            record.lock(member, AX, cause)
            if member.kind is not RelationKind.PARTITIONED_TABLE:
                record.lock(member, S, f"{cause}: its indexes are made empty")
                record.lock_indexes(member, AX, cause)
            if command.restart_identity:
                for sequence in member.sequences:
                    for mode in (AX, RX):
                        record.lock_named(
                            sequence.name, mode, f"{member.name} restarts its numbers"
                        )
            for key in member.referrers:
                referrer = record.catalog.relation(key.table)
                if key.is_copy or referrer is None or referrer.name in done:
                    continue
                if command.cascade:
                    queue.append((referrer, f"its foreign key {key.name} refers to {member.name}"))
                elif all(referrer.name != found.name for found, _ in queue):
                    record.fail(f"{key.name} of {key.table} refers to {member.name}; say CASCADE")


def lock_table(record: Record, command: LockTable) -> None:
    """LOCK TABLE, with partitions and children, and what a view reads."""
    for name in command.tables:
        table = record.catalog.relation(name)
        if table is None:
            record.fail(f"{record.catalog.display(name)} does not exist")
            continue
        for member in [table] if command.only else record.family(table):
            record.lock(member, command.mode, "LOCK TABLE asks for it")
        _lock_sources(record, table, command)


def _lock_sources(record: Record, view: Relation, command: LockTable) -> None:
    if view.kind is not RelationKind.VIEW:
        return
    for name in view.sources:
        source = record.lock_named(name, command.mode, f"the view {view.name} reads it")
        if source is not None:
            _lock_sources(record, source, command)
