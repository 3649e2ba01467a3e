"""VACUUM, ANALYZE, CLUSTER."""

from __future__ import annotations

from modeler.previews.effects.catalog import Relation
from modeler.previews.effects.effect import RelationKind, WorkKind
from modeler.previews.effects.record import AS, AX, RX, SUX, Record, S
from modeler.previews.sql.commands import Maintain

# ANALYZE of a table goes on to the ones that inherit from it since then.
CHILDREN_ANALYZED = 18


def maintain(record: Record, command: Maintain) -> None:
    if not command.tables:
        record.unread = f"{command.verb.upper()} without a table goes over the whole database"
        return
    for name in command.tables:
        table = record.catalog.relation(name)
        if table is None:
            record.fail(f"{record.catalog.display(name)} does not exist")
        elif command.verb == "analyze":
            analyze(record, table)
        elif command.verb == "vacuum":
            _vacuum(record, table, analyzes=command.analyze)
        else:
            _rewrite(record, table, command.verb)


def analyze(record: Record, table: Relation) -> None:
    """A sample of fixed size is read, so the work does not grow with the rows."""
    cause = "its statistics are gathered"
    major = record.catalog.session.major
    recurses = table.kind is RelationKind.PARTITIONED_TABLE or major >= CHILDREN_ANALYZED
    for member in record.family(table):
        if member.name == table.name or recurses:
            record.lock(member, SUX, cause)
        if member.name != table.name and member.kind is not RelationKind.PARTITIONED_TABLE:
            record.lock(member, AS, f"{cause} as a part of {table.name}")
        if member.kind is not RelationKind.PARTITIONED_TABLE and (
            member.name == table.name or recurses
        ):
            record.lock_indexes(member, AS, cause)


def _vacuum(record: Record, table: Relation, *, analyzes: bool) -> None:
    for member in record.leaves(table) if table.children else [table]:
        cause = "it is vacuumed"
        record.lock(member, SUX, cause)
        record.lock_indexes(member, RX, cause)
        record.work(member.name, WorkKind.SCAN, cause)
    if analyzes:
        analyze(record, table)


def _rewrite(record: Record, table: Relation, verb: str) -> None:
    cause = f"{verb.upper()} writes it anew"
    for member in record.leaves(table):
        record.lock(member, AX, cause)
        record.lock(member, S, f"{cause}: its indexes are built again")
        record.work(member.name, WorkKind.REWRITE, cause)
        record.rebuild(member, member.indexes, cause)
        if verb == "cluster":
            record.lock_indexes(member, AS, f"{cause}; the planner opens every index")
