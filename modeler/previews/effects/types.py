"""Types, domains, functions and other things that tables stand on."""

from __future__ import annotations

from modeler.previews.effects.alteration import Alteration
from modeler.previews.effects.columns import drop_column
from modeler.previews.effects.effect import RelationKind, WorkKind
from modeler.previews.effects.record import AX, Record, S
from modeler.previews.sql import actions
from modeler.previews.sql.commands import AlterObject, Drop

CHECKS = frozenset({"add constraint", "validate constraint", "set not null"})


def alter_domain(record: Record, command: AlterObject) -> None:
    """ALTER DOMAIN: a new check is held against every row of every table that uses it."""
    if command.action not in CHECKS or not command.valid:
        return
    cause = f"the domain {record.catalog.display(command.name)} checks its values anew"
    for name, _ in record.catalog.tables_of_type(command.name):
        table = record.catalog.relation(name)
        if table is None or table.kind is RelationKind.PARTITIONED_TABLE:
            continue
        record.lock(table, S, cause)
        record.work(table.name, WorkKind.SCAN, cause)


def drop_type(record: Record, command: Drop) -> None:
    """DROP TYPE or DOMAIN: with CASCADE the columns go too."""
    for name in command.names:
        for table_name, columns in record.catalog.tables_of_type(name):
            table = record.catalog.relation(table_name)
            if table is None:
                continue
            if not command.cascade:
                record.fail(f"columns of {table.name} have the type {name.name}; say CASCADE")
                continue
            change = Alteration(record, table)
            for column in columns:
                record.lock(table, AX, f"its column {column} goes with the type {name.name}")
                drop_column(change, actions.DropColumn(column, cascade=True))


def drop_function(record: Record, command: Drop) -> None:
    """DROP FUNCTION: with CASCADE the triggers that call it go too."""
    for name in command.names:
        for table in record.catalog.tables_of_trigger_function(name):
            if not command.cascade:
                record.fail(f"a trigger of {table} calls {name.name}; say CASCADE")
                continue
            record.lock_named(table, AX, f"its trigger goes with the function {name.name}")
