"""Filling the empty tables of a database with rows that respect its constraints.

For a clone of the shadow alone: migrations are rehearsed on tables with rows, and what grows with
the number of rows is measured.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.previews.rows.candidates import Target
from modeler.previews.rows.facts import EmptyTable, Reference
from modeler.previews.rows.filling import Filling, TableFilling
from modeler.previews.rows.linking import link
from modeler.previews.rows.order import components
from modeler.previews.rows.reading import empty_tables, read_tables, target_names
from modeler.previews.rows.table_filler import TableFiller, in_words

# Django's record of what is applied is no data of the project.
LEFT_ALONE = frozenset({"django_migrations"})
# So many rows of a table are known to whoever refers to it.
COUNTED = 1_000_000


def fill(
    connection: BaseDatabaseWrapper,
    *,
    rows: int = 20,
    tables: Collection[str] | None = None,
    seed: int = 0,
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
            run = _Run(cursor, facts, rows, seed)
            filled = run.all()
    return Filling(rows, seed, tuple(sorted(filled, key=lambda table: table.table)))


class _Run:
    def __init__(self, cursor: Any, tables: tuple[EmptyTable, ...], rows: int, seed: int) -> None:
        self.cursor, self.rows, self.seed = cursor, rows, seed
        self.tables = {table.oid: table for table in tables}
        self.targets: dict[int, Target] = {}

    def all(self) -> list[TableFilling]:
        self._count_targets()
        edges = {
            oid: {r.target for r in table.references if r.target != oid}
            for oid, table in self.tables.items()
        }
        filled = []
        for group in components(edges):
            filled += self._group(group)
        return filled

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
        filler = TableFiller(
            self.cursor, table, self.targets, rows=self.rows, seed=self.seed, later=later
        )
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
    own = connection.get_autocommit() and not connection.in_atomic_block
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
