"""Filling the empty tables of a database with rows that respect its constraints.

For a clone of the shadow alone: migrations are rehearsed on tables with rows, and what grows with
the number of rows is measured.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.previews.rows import content_types
from modeler.previews.rows.diagnostics import in_words, savepoint
from modeler.previews.rows.facts import EmptyTable, Reference
from modeler.previews.rows.filling import Filling, TableFilling
from modeler.previews.rows.linking import link
from modeler.previews.rows.order import components
from modeler.previews.rows.reading import empty_tables, read_tables, target_names
from modeler.previews.rows.table_filler import TableFiller
from modeler.previews.rows.wish import Target, Wish

# Django's record of what is applied is no data of the project.
LEFT_ALONE = frozenset({"django_migrations"})
# So many rows of a table are known to whoever refers to it.
COUNTED = 1_000_000
# The drivers' word for a session without a transaction, psycopg 2 and 3.
IDLE = 0
ONE_A_TABLE = "one for each table that there is"


def fill(
    connection: BaseDatabaseWrapper,
    *,
    rows: int = 20,
    tables: Collection[str] | None = None,
    seed: int = 0,
    plain: bool = False,
) -> Filling:
    """Fill every table that is empty with rows.

    Tables that others refer to come first. All of it is one transaction, each table in a savepoint
    of its own, so that a table has its rows or none; an open transaction is used as it stands.
    Constraints and triggers hold for every row, since nothing is switched off.

    Args:
        connection: to PostgreSQL 14 or later, as a role that may write.
        rows: how many each table is to have.
        tables: names of those to fill, and of no others; all if not given. A name is qualified
            where it is not in the search path's current schema.
        seed: of what is drawn by chance; the same seed on the same schema gives the same rows.
        plain: rows that seldom make a migration stumble: values differ where they can, nothing is
            NULL that need not be, texts are short and of plain letters. Otherwise every sixth
            value is NULL and a third of them occurs twice, texts have all lengths and scripts, so
            that SET NOT NULL, a unique constraint or a narrower column meets what it may meet.

    Returns: what every table received that was empty, and why where it is less than asked.
    """
    with connection.cursor() as cursor:
        found = tuple(
            table
            for table in empty_tables(cursor)
            if table.name not in LEFT_ALONE and (tables is None or table.name in tables)
        )
        if not found:
            return Filling(rows, seed)
        with _transaction(connection, cursor):
            facts = read_tables(cursor, found, _version(cursor))
            run = _Run(cursor, facts, Wish(rows, seed, plain=plain))
            filled = run.all()
    return Filling(rows, seed, tuple(sorted(filled, key=lambda table: table.table)))


class _Run:
    def __init__(self, cursor: Any, tables: tuple[EmptyTable, ...], wish: Wish) -> None:
        self.cursor, self.wish = cursor, wish
        self.tables = {table.oid: table for table in tables}
        self.targets: dict[int, Target] = {}
        self.filled: list[TableFilling] = []

    def all(self) -> list[TableFilling]:
        self._content_types()
        self._count_targets()
        edges = {
            oid: {r.target for r in table.references if r.target != oid}
            for oid, table in self.tables.items()
        }
        filled = list(self.filled)
        for group in components(edges):
            filled += self._group(group)
        return filled

    def _content_types(self) -> None:
        """Content types come first: they are what is there, not what could be."""
        own = next((t for t in self.tables.values() if t.name == content_types.TABLE), None)
        try:
            with savepoint(self.cursor):
                if own is not None:
                    made = content_types.content_types(self.cursor, own)
                    if made:
                        del self.tables[own.oid]
                        self.filled.append(TableFilling(own.name, made, ONE_A_TABLE))
                else:
                    names = [table.name for table in self.tables.values()]
                    content_types.further_content_types(self.cursor, names)
        except DatabaseError:
            # A table of that name that is another's; it is filled as any other.
            return

    def _count_targets(self) -> None:
        """Count the tables that are referred to and have rows already."""
        outside = {r.target for t in self.tables.values() for r in t.references}
        outside -= set(self.tables)
        for oid, name in target_names(self.cursor, sorted(outside)).items():
            counted = f"SELECT 1 FROM {name.sql} LIMIT {COUNTED}"
            self.cursor.execute(f"SELECT count(*) FROM ({counted}) t")
            self.targets[oid] = Target(name.sql, self.cursor.fetchone()[0])

    def _group(self, group: tuple[int, ...]) -> list[TableFilling]:
        """Fill tables that refer to each other: with NULL first, and the references after that."""
        filled: dict[int, TableFilling] = {}
        waiting = list(group)
        postponed: list[tuple[EmptyTable, Reference]] = []
        while waiting:
            oid = min(waiting, key=lambda oid: (len(self._bound(oid, waiting)), oid))
            waiting.remove(oid)
            table = self.tables[oid]
            later = [r for r in table.references if r.target in waiting or r.target == oid]
            filled[oid] = self._table(table, frozenset(r.name for r in later))
            postponed += [(table, reference) for reference in later]
        for table, reference in postponed:
            if filled[table.oid].rows and reference.target in self.targets:
                link(self.cursor, table, reference, self.targets[reference.target].sql)
        return list(filled.values())

    def _bound(self, oid: int, waiting: list[int]) -> list[Reference]:
        """The references that keep a table from being filled before others."""
        table = self.tables[oid]
        return [
            reference
            for reference in table.references
            if reference.target in waiting and reference.target != oid
            and all(table.by_name[name].not_null for name in reference.columns)
        ]  # fmt: skip

    def _table(self, table: EmptyTable, later: frozenset[str]) -> TableFilling:
        filler = TableFiller(self.cursor, table, self.targets, replace(self.wish, later=later))
        try:
            filled = filler.fill()
        except DatabaseError as error:
            filled = TableFilling(table.name, 0, in_words(error))
        if filled.rows:
            self.targets[table.oid] = Target(table.sql, filled.rows)
        return filled


def _version(cursor: Any) -> int:
    cursor.execute("SELECT current_setting('server_version_num')::int")
    version: int = cursor.fetchone()[0]
    return version


@contextmanager
def _transaction(connection: BaseDatabaseWrapper, cursor: Any) -> Iterator[None]:
    """Run in a transaction of its own, or in the open one; constraints are checked at once."""
    # Django does not know of a transaction that was begun in SQL; the driver does.
    own = connection.connection.info.transaction_status == IDLE
    if own:
        cursor.execute("BEGIN")
    try:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield
    except BaseException:
        if own:
            cursor.execute("ROLLBACK")
        raise
    if own:
        cursor.execute("COMMIT")
    else:
        # As Django's own check_constraints() leaves them.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
