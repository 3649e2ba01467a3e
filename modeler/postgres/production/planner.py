"""A database that plans like production: its statistics and sizes, none of its rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ServerError
from modeler.postgres.catalogs import rows
from modeler.postgres.shadow import PRISTINE, Clone, Shadow, quoted

from .figures import Figures
from .files import extend_files
from .restore import Restored, restore_figures

TABLES = """
SELECT n.nspname::text AS schema, c.relname::text AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.relpersistence <> 't'
ORDER BY 1, 2
"""
PLAN_TIMEOUT = "5s"


@dataclass(frozen=True, slots=True)
class Planner:
    """Explains statements; executes none, since its tables' pages hold nothing.

    Attributes:
        restored: which statistics it has.
        notes: where its plans may differ from production's, a sentence each.
        sized: files have production's lengths; without it every table has a few rows.
    """

    connection: BaseDatabaseWrapper
    restored: Restored
    sized: bool
    notes: tuple[str, ...] = ()

    def explain(self, sql: str, parameters: Sequence[Any] | None = None) -> dict[str, Any]:
        """Return the plan of one statement, as ``EXPLAIN (FORMAT JSON)`` has it under ``Plan``.

        Raises:
            ServerError: the server cannot plan it.
        """
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (FORMAT JSON, VERBOSE) {sql}", parameters)
                found = cursor.fetchone()[0]
        except DatabaseError as error:
            raise ServerError(
                f"The statement cannot be planned: {' '.join(str(error).split())}"
            ) from error
        return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


@contextmanager
def planner(
    shadow: Shadow, figures: Figures, *, template: Clone | str = PRISTINE, schema_sql: str = ""
) -> Iterator[Planner]:
    """Make a planner database on the shadow, apart from every rehearsal; drop it after.

    Args:
        figures: of production.
        template: a clone that holds the tables. Its rows are not taken: a copy of it must not
            be planned with by accident.
        schema_sql: statements that make the tables, where there is no such clone.

    Raises:
        ServerError: the statistics cannot be written.
    """
    with shadow.clone("planner", template=template) as clone:
        connection = clone.connect()
        with connection.cursor() as cursor:
            if schema_sql:
                cursor.execute(schema_sql)
            _empty(cursor)
            # Another version may lack one.
            cursor.execute("SELECT name FROM pg_settings")
            known = {name for (name,) in cursor.fetchall()}
            for name, value in figures.settings:
                if name in known:
                    cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
            cursor.execute(f"SET statement_timeout = '{PLAN_TIMEOUT}'")
            cursor.execute("SELECT coalesce(current_schema()::text, '')")
            current = cursor.fetchone()[0]
        restored = restore_figures(connection, figures)
        notes = list(restored.notes)
        sized = True
        try:
            notes += extend_files(connection, lengths(figures, current))
        except ServerError as error:
            sized = False
            notes.append(
                "Plans are those of nearly empty tables, since PostgreSQL trusts the length of "
                f"files. {error}"
            )
        if figures.server_version_num // 10000 != shadow.major:
            notes.append(
                f"The statistics are of PostgreSQL {figures.server_version}, and the shadow that "
                f"plans with them is {shadow.server_version}."
            )
        yield Planner(connection, restored, sized, tuple(notes))


def lengths(figures: Figures, current_schema: str) -> Iterator[tuple[str, str, int]]:
    """Yield schema, name and bytes of every table's and index's file."""
    for table in figures.tables:
        schema = current_schema if table.schema == figures.current_schema else table.schema
        if table.kind != "p":
            yield schema, table.name, table.heap_bytes
        for index in table.indexes:
            yield schema, index.name, index.bytes


def _empty(cursor: Any) -> None:
    """Take rows of the template away, and keep autovacuum from looking at what comes."""
    found = [f"{quoted(row['schema'])}.{quoted(row['name'])}" for row in rows(cursor, TABLES)]
    if found:
        cursor.execute(f"TRUNCATE {', '.join(found)}")
    for name in found:
        cursor.execute(f"ALTER TABLE {name} SET (autovacuum_enabled = false)")
