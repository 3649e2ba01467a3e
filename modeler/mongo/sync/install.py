"""Puts tables and triggers of the synchronisation into a database, and takes them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ServerError
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.sync.tables import CREATE, DROP, QUEUE
from modeler.mongo.sync.triggers import EVENTS, install_sql, trigger_name, uninstall_sql
from modeler.mongo.sync.watch import root_watch, tables_of, watches
from modeler.postgres.connections import brief
from modeler.schema.location import Location
from modeler.schema.named_types import with_named_types
from modeler.schema.schema import Schema

LOCK_TIMEOUT = "2s"
# What older triggers queued may be called otherwise now: all of its collection is queued instead.
TRANSLATE = f"""
WITH gone AS (DELETE FROM {QUEUE} WHERE rtrim(watch, '?') <> ALL(%s)
    RETURNING split_part(watch, '/', 1) AS root)
INSERT INTO {QUEUE} (watch, low) SELECT DISTINCT root, true FROM gone WHERE root = ANY(%s)
"""
INSTALLED = """
SELECT n.nspname, c.relname, count(*) FILTER (WHERE t.tgenabled IN ('O', 'A')),
       n.nspname = current_schema()
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE t.tgname = ANY(%s) AND NOT t.tgisinternal
GROUP BY 1, 2 ORDER BY 1, 2
"""


def statements(
    schema: Schema, specs: Iterable[CollectionSpec], home: str, search_path: Sequence[str]
) -> tuple[str, ...]:
    """Return all that an installation runs: what a migration would hold.

    Args:
        schema: the whole.
        specs: of the collections that are followed.
        home: schema of the queue.
        search_path: schemas in which types and operators lie.
    """
    return (*CREATE, *install_sql(watches(with_named_types(schema), specs), home, search_path))


def install(
    connection: BaseDatabaseWrapper, schema: Schema, specs: Sequence[CollectionSpec]
) -> tuple[Location, ...]:
    """Create the tables and the triggers, or bring them up to date; return the watched tables.

    Triggers of tables that no collection needs any more are taken away. All or nothing: each
    table is locked for a moment (SHARE ROW EXCLUSIVE), and a lock that does not come within two
    seconds ends it without any change.

    Raises:
        ServerError: the role lacks a right, or a lock did not come.
    """
    wanted = watches(with_named_types(schema), specs)
    tables = tables_of(wanted)
    with _changing(connection) as cursor:
        home, search_path = _places(cursor)
        unneeded = [place for place in installed(cursor, connection.alias) if place not in tables]
        for statement in (
            *uninstall_sql(unneeded, home),
            *statements(schema, specs, home, search_path),
        ):
            cursor.execute(statement)
        roots = [root_watch(spec.name) for spec in specs]
        cursor.execute(TRANSLATE, [sorted({*roots, *(one.name for one in wanted)}), roots])
    return tables


def statements_for(
    connection: BaseDatabaseWrapper, schema: Schema, specs: Sequence[CollectionSpec]
) -> tuple[str, ...]:
    """Return what ``install`` would run on this database, without a look at what is there."""
    with connection.cursor() as cursor:
        home, search_path = _places(cursor)
    return statements(schema, specs, home, search_path)


def uninstall(connection: BaseDatabaseWrapper) -> tuple[Location, ...]:
    """Take triggers, functions and tables away; documents stay. Return the tables that had them.

    Raises:
        ServerError: as of ``install``.
    """
    with _changing(connection) as cursor:
        home, _ = _places(cursor)
        tables = installed(cursor, connection.alias)
        for statement in (*uninstall_sql(tables, home), *DROP):
            cursor.execute(statement)
    return tables


def installed(cursor: Any, alias: str) -> tuple[Location, ...]:
    """Return the tables that have triggers of ours."""
    cursor.execute(INSTALLED, [[trigger_name(event) for event in EVENTS]])
    return tuple(
        Location(alias, "" if home else schema, table)
        for schema, table, _, home in cursor.fetchall()
    )


def silent_tables(cursor: Any, alias: str, wanted: Iterable[Location]) -> tuple[Location, ...]:
    """Return the tables whose changes would not be seen: a trigger is missing or disabled."""
    cursor.execute(INSTALLED, [[trigger_name(event) for event in EVENTS]])
    seen = {
        Location(alias, "" if home else schema, table)
        for schema, table, enabled, home in cursor.fetchall()
        if enabled == len(EVENTS)
    }
    return tuple(place for place in wanted if place not in seen)


def is_installed(cursor: Any) -> bool:
    """Tell whether the queue is there."""
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [QUEUE])
    return bool(cursor.fetchone()[0])


def _places(cursor: Any) -> tuple[str, list[str]]:
    cursor.execute("SELECT current_schema(), current_schemas(false)")
    home, search_path = cursor.fetchone()
    return home, list(search_path)


@contextmanager
def _changing(connection: BaseDatabaseWrapper) -> Iterator[Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                yield cursor
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")
    except DatabaseError as error:
        raise ServerError(
            f"The triggers were not changed, and nothing else was: {brief(error)}. "
            "Try again in a quieter moment, or as the owner of the tables."
        ) from error
