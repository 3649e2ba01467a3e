"""What belongs to a table and is no column of it: triggers, rules, policies, comments, rights."""

from __future__ import annotations

from modeler.previews.effects.drops import drop_sequence, drop_table, drop_view
from modeler.previews.effects.effect import RelationKind
from modeler.previews.effects.record import AS, AX, SRX, SUX, Record
from modeler.previews.effects.types import drop_type
from modeler.previews.sql.commands import (
    AlterObject,
    Comment,
    CreateRule,
    CreateStatistics,
    CreateTrigger,
    Drop,
    Policy,
    Privileges,
)
from modeler.previews.sql.definitions import Name, ObjectKind

# GRANT and REVOKE hold the relation since then, so that it cannot be dropped meanwhile.
PRIVILEGES_LOCK = 18
RELATIONS = frozenset({
    ObjectKind.TABLE, ObjectKind.INDEX, ObjectKind.VIEW, ObjectKind.MATERIALIZED_VIEW,
    ObjectKind.SEQUENCE, ObjectKind.FOREIGN_TABLE,
})  # fmt: skip
OF_TABLE = frozenset({
    ObjectKind.CONSTRAINT, ObjectKind.TRIGGER, ObjectKind.RULE, ObjectKind.POLICY,
})  # fmt: skip


def create_trigger(record: Record, command: CreateTrigger) -> None:
    """CREATE TRIGGER: writers wait, readers do not; of a partitioned table on each partition."""
    table = record.catalog.relation(command.table)
    if table is None:
        record.fail(f"{record.catalog.display(command.table)} does not exist")
        return
    record.lock(table, SRX, f"the trigger {command.name} is made on it")
    if table.kind is RelationKind.PARTITIONED_TABLE:
        for member in record.family(table):
            record.lock(member, SRX, f"the trigger {command.name} of {table.name} is made on it")
    if command.referenced is not None:
        record.lock_named(record.catalog.display(command.referenced), AS,
                          f"the trigger {command.name} refers to it")  # fmt: skip


def change_rules(record: Record, command: CreateRule | Policy) -> None:
    """CREATE RULE, CREATE and ALTER POLICY."""
    table = record.catalog.relation(command.table)
    what = "policy" if isinstance(command, Policy) else "rule"
    if table is None:
        record.fail(f"{record.catalog.display(command.table)} does not exist")
    else:
        record.lock(table, AX, f"its {what} {command.name} changes")


def drop_of_table(record: Record, command: Drop) -> None:
    """DROP TRIGGER, RULE or POLICY."""
    table = record.catalog.relation(command.on) if command.on is not None else None
    if table is None:
        if not command.if_exists:
            record.fail("the table of what is dropped does not exist")
        return
    known = {*table.triggers, *(found.name for found in table.dependents)}
    for name in command.names:
        if command.if_exists and name.name not in known:
            continue
        for mode in (AX, AS):
            record.lock(table, mode, f"its {command.kind.value} {name.name} is dropped")


def drop_statistics(record: Record, command: Drop) -> None:
    for name in command.names:
        table = record.catalog.statistics_table(name)
        if table:
            record.lock_named(table, SUX, f"the statistics {name.name} are dropped")


def create_statistics(record: Record, command: CreateStatistics) -> None:
    for name in command.tables:
        record.lock_named(record.catalog.display(name), SUX, "statistics are declared on it")


def drop_schema(record: Record, command: Drop) -> None:
    """DROP SCHEMA: with CASCADE everything in it goes."""
    for name in command.names:
        if command.cascade:
            types = record.catalog.types_of_schema(name.name)
            drop_type(record, Drop(ObjectKind.TYPE, types, cascade=True))
        for relation_name in record.catalog.relations_of_schema(name.name):
            if not command.cascade:
                record.fail(f"the schema {name.name} is not empty; say CASCADE")
                return
            found = record.catalog.relation(relation_name)
            if found is None:
                continue
            cause = f"it goes with the schema {name.name}"
            if found.kind in {RelationKind.VIEW, RelationKind.MATERIALIZED_VIEW}:
                drop_view(record, found, cause, cascade=True)
            elif found.kind is RelationKind.SEQUENCE:
                drop_sequence(record, found, cascade=True)
            else:
                drop_table(record, found, cause, cascade=True)


def alter_of_table(record: Record, command: AlterObject) -> None:
    """ALTER TRIGGER or RULE … RENAME."""
    if command.table is not None:
        record.lock_named(record.catalog.display(command.table), AX,
                          f"its {command.kind.value} changes")  # fmt: skip


def comment(record: Record, command: Comment) -> None:
    """COMMENT ON: changes of the schema wait, rows can be read and written."""
    catalog = record.catalog
    if command.kind in RELATIONS:
        record.lock_named(catalog.display(command.name), SUX, "a comment is set on it")
    elif command.kind is ObjectKind.COLUMN and command.table is not None:
        record.lock_named(catalog.display(command.table), SUX, "a comment is set on a column")
    elif command.kind in OF_TABLE and command.table is not None:
        record.lock_named(catalog.display(command.table), AS,
                          f"a comment is set on its {command.kind.value}")  # fmt: skip


def change_privileges(record: Record, command: Privileges) -> None:
    if record.catalog.session.major < PRIVILEGES_LOCK:
        return
    names: tuple[Name | str, ...] = command.tables
    for name in names:
        found = record.catalog.relation(name)
        if found is not None:
            record.lock(found, AS, "its privileges change")
