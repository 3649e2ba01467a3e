from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from modeler.postgres.shadow import Clone, Shadow
from modeler.previews.rows.fill import fill
from modeler.previews.rows.filling import Filling


class Database:
    """A fresh database of the shadow, for SQL."""

    def __init__(self, clone: Clone) -> None:
        self.connection = clone.connect()

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def value(self, sql: str) -> Any:
        return self.run(sql)[0][0]

    def fill(self, rows: int = 20, **options: Any) -> Filling:
        return fill(self.connection, rows=rows, **options)


@pytest.fixture
def database(shadow: Shadow) -> Iterator[Database]:
    with shadow.clone("rows") as clone:
        yield Database(clone)


@pytest.fixture
def received(database: Database) -> Callable[..., dict[str, tuple[int, str]]]:
    """Make tables, fill them, and say what each received and why not more."""

    def run(sql: str, rows: int = 20, **options: Any) -> dict[str, tuple[int, str]]:
        database.run(sql)
        filling = database.fill(rows, **options)
        for table in filling.tables:
            parent = f"SELECT relkind = 'p' FROM pg_class WHERE oid = '{table.table}'::regclass"
            only = "" if database.value(parent) else "ONLY "
            assert database.value(f"SELECT count(*) FROM {only}{table.table}") == table.rows
        return {table.table: (table.rows, table.reason) for table in filling.tables}

    return run
