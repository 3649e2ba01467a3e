"""What of a statement's outcome is there already, from an attempt that did not come to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modeler.postgres.catalogs import rows
from modeler.previews.relation_names import relation_name
from modeler.previews.safely.session import MigratingSession
from modeler.previews.safely.stopped import Stopped
from modeler.previews.safely.twins import same_constraint, same_index, written
from modeler.previews.sql.actions import AddConstraint, DetachPartition, ValidateConstraint
from modeler.previews.sql.commands import AlterRelation, Command, CreateIndex, Drop, Reindex

NAMED_INDEX = """
SELECT c.oid::bigint AS oid, n.nspname::text AS schema, i.indisvalid AS valid,
       i.indrelid = to_regclass(%s) AS of_table, t.relname::text AS "table"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_class t ON t.oid = i.indrelid
WHERE c.relname = %s
  AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass(%s))
"""
CONSTRAINT = """
SELECT k.oid::bigint AS oid, k.convalidated AS valid, k.contype::text AS kind
FROM pg_constraint k WHERE k.conrelid = to_regclass(%s) AND k.conname = %s
"""
# REINDEX CONCURRENTLY makes <name>_ccnew, and <name>_ccnew1 where that is taken.
REINDEXED = """
SELECT n.nspname::text AS schema, c.relname::text AS name
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'
  AND (i.indrelid = to_regclass(%s)
       OR i.indrelid = (SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass(%s)))
"""
DETACHED = """
SELECT inhdetachpending AS pending FROM pg_inherits
WHERE inhrelid = to_regclass(%s) AND inhparent = to_regclass(%s)
"""
EXISTS = "SELECT to_regclass(%s) IS NOT NULL AS found"


@dataclass(frozen=True, slots=True)
class Leftover:
    """What to do before, or instead of, a statement.

    Attributes:
        done: why it need not run, ``""`` where it must.
        first: statements that run before it, with the reason of each.
        instead: what runs in its place, ``""`` where it runs itself.
    """

    done: str = ""
    first: tuple[tuple[str, str], ...] = ()
    instead: str = ""


def leftover_of(
    session: MigratingSession, commands: tuple[Command, ...], *, begun: bool = False
) -> Leftover:
    """Look in the catalog for what an earlier attempt left.

    Args:
        session: the migrating one, outside of transactions.
        commands: of one text; several in one text are run as they are.
        begun: an earlier attempt is known to have sent it.

    Raises:
        Stopped: something else has the name.
    """
    if len(commands) != 1:
        return Leftover()
    with session.unguarded() as cursor:
        match commands[0]:
            case CreateIndex(name=name) as command if name:
                return _index(session, cursor, command)
            case AlterRelation(name=table, actions=(AddConstraint(constraint=wanted),)):
                found = rows(cursor, CONSTRAINT, [written(table), wanted.name])
                for row in found:
                    if (row["valid"] or not wanted.valid) and same_constraint(
                        session.connection, table, wanted, row["oid"]
                    ):
                        return Leftover(done=f"the constraint {wanted.name} is there already")
            case AlterRelation(name=table, actions=(ValidateConstraint(name=name),)):
                if any(row["valid"] for row in rows(cursor, CONSTRAINT, [written(table), name])):
                    return Leftover(done=f"the constraint {name} is valid already")
            case AlterRelation(
                name=table, actions=(DetachPartition(table=part, concurrently=True),)
            ):
                return _detach(cursor, written(table), written(part), begun)
            case Drop(concurrently=True, names=(index,)) if begun:
                if not rows(cursor, EXISTS, [written(index)])[0]["found"]:
                    return Leftover(done=f"the index {index.name} is gone already")
            case Reindex(concurrently=True, name=name):
                return Leftover(
                    first=tuple(
                        _drop(row["schema"], row["name"], "left over from a REINDEX CONCURRENTLY")
                        for row in rows(cursor, REINDEXED, [written(name)] * 2)
                    )
                )
    return Leftover()


def _index(session: MigratingSession, cursor: Any, command: CreateIndex) -> Leftover:
    table = written(command.table)
    for row in rows(cursor, NAMED_INDEX, [table, command.name, table]):
        if not row["of_table"]:
            raise Stopped(
                f"The name {command.name} is taken by an index of {row['table']}. "
                "Rename the new one in the migration."
            )
        if not row["valid"]:
            return Leftover(first=(_drop(row["schema"], command.name, "not valid"),))
        if same_index(session.connection, command, row["oid"]):
            return Leftover(done=f"the index {command.name} is there already and valid")
        raise Stopped(
            f"An index {command.name} of {table} is there and is another one than the migration "
            "makes. Drop or rename it, or rename the new one in the migration."
        )
    return Leftover()


def _detach(cursor: Any, table: str, part: str, begun: bool) -> Leftover:
    found = rows(cursor, DETACHED, [part, table])
    if found and found[0]["pending"]:
        return Leftover(instead=f"ALTER TABLE {table} DETACH PARTITION {part} FINALIZE")
    if begun and not found and rows(cursor, EXISTS, [part])[0]["found"]:
        return Leftover(done=f"{part} is detached already")
    return Leftover()


def _drop(schema: str, name: str, why: str) -> tuple[str, str]:
    index = relation_name(schema, name)
    return f"DROP INDEX CONCURRENTLY IF EXISTS {index}", f"The index {name} is {why}"
