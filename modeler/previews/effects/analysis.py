"""From a read statement to what it does, by rules alone.

Every rule was measured on PostgreSQL 14 to 18; the tests hold each against a server.
"""

from __future__ import annotations

from modeler.previews.effects import data, indexes, objects, relations, sequences, tables, types
from modeler.previews.effects.catalog import Catalog
from modeler.previews.effects.effect import Effects
from modeler.previews.effects.maintenance import maintain
from modeler.previews.effects.record import Record
from modeler.previews.effects.views import create_view, refresh_view
from modeler.previews.sql import commands
from modeler.previews.sql.commands import Command
from modeler.previews.sql.definitions import ObjectKind

# They lock no relation of the project, and no work of theirs grows with rows.
HARMLESS = (commands.SetParameter, commands.SetConstraints, commands.Transaction, commands.Session)
DROPS = {
    ObjectKind.TABLE: tables.drop_relations,
    ObjectKind.FOREIGN_TABLE: tables.drop_relations,
    ObjectKind.VIEW: tables.drop_relations,
    ObjectKind.MATERIALIZED_VIEW: tables.drop_relations,
    ObjectKind.INDEX: indexes.drop_indexes,
    ObjectKind.SEQUENCE: sequences.drop_sequences,
    ObjectKind.TRIGGER: objects.drop_of_table,
    ObjectKind.RULE: objects.drop_of_table,
    ObjectKind.POLICY: objects.drop_of_table,
    ObjectKind.STATISTICS: objects.drop_statistics,
    ObjectKind.TYPE: types.drop_type,
    ObjectKind.DOMAIN: types.drop_type,
    ObjectKind.FUNCTION: types.drop_function,
    ObjectKind.SCHEMA: objects.drop_schema,
}


def effects_of(command: Command, catalog: Catalog) -> Effects:
    """Return the locks and the work of one statement.

    Args:
        command: as the reader of statements returns it.
        catalog: facts of the database right before the statement.

    Returns:
        Locks on relations that are there before it; ``unread`` says what no rule speaks of.
    """
    record = Record(catalog)
    decide(record, command)
    return record.effects()


def decide(record: Record, command: Command) -> None:
    """Hand a command to the rules of its family."""
    match command:
        case commands.CreateTable():
            tables.create_table(record, command)
        case commands.AlterRelation():
            relations.alter_relation(record, command)
        case commands.CreateIndex():
            indexes.create_index(record, command)
        case commands.Drop():
            _drop(record, command)
        case commands.Reindex():
            indexes.reindex(record, command)
        case commands.CreateSequence():
            sequences.create_sequence(record, command)
        case commands.AlterSequence():
            sequences.alter_sequence(record, command)
        case commands.CreateTrigger():
            objects.create_trigger(record, command)
        case commands.CreateRule() | commands.Policy():
            objects.change_rules(record, command)
        case commands.Query():
            data.run_query(record, command)
        case commands.CreateView():
            create_view(record, command)
        case commands.RefreshView():
            refresh_view(record, command)
        case commands.CreateObject(contents=contents):
            for part in contents:
                decide(record, part)
        case commands.AlterObject():
            _alter_object(record, command)
        case commands.CreateStatistics():
            objects.create_statistics(record, command)
        case commands.Comment():
            objects.comment(record, command)
        case commands.Truncate():
            tables.truncate(record, command)
        case commands.LockTable():
            tables.lock_table(record, command)
        case commands.Maintain():
            maintain(record, command)
        case commands.Privileges():
            objects.change_privileges(record, command)
        case commands.Opaque(verb=verb):
            record.unread = f"{verb.upper()} runs code that is not read"
        case commands.Unread(reason=reason):
            record.unread = reason
        case _ if isinstance(command, HARMLESS):
            pass


def _drop(record: Record, command: commands.Drop) -> None:
    rule = DROPS.get(command.kind)
    if rule is not None:
        rule(record, command)
    elif command.cascade:
        word = command.written or command.kind.value
        record.unread = f"what goes with a dropped {word} is not known"


def _alter_object(record: Record, command: commands.AlterObject) -> None:
    if command.kind is ObjectKind.DOMAIN:
        types.alter_domain(record, command)
    elif command.kind in {ObjectKind.TRIGGER, ObjectKind.RULE, ObjectKind.POLICY}:
        objects.alter_of_table(record, command)
