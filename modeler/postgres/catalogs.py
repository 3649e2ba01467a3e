"""What PostgreSQL's catalogs say of all user schemas, in a handful of queries.

Raw columns wherever they suffice; expressions need ``pg_get_expr``, which waits behind an ACCESS
EXCLUSIVE lock, so it runs under ``lock_timeout`` and what it could not have is named.
Source: PostgreSQL manual, chapter 52 (system catalogs), versions 14 to 18.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ServerError, UnknownName
from modeler.postgres import catalog_queries as queries
from modeler.postgres.connections import require_answer

LOCK_TIMEOUT = "300ms"
STATEMENT_TIMEOUT = "15s"
OLDEST = 140000

Row = dict[str, Any]


@dataclass(slots=True)
class Catalogs:
    """Rows of the catalogs, each a dict by column name.

    Attributes:
        version: ``server_version_num``.
        current_schema: what unqualified names reach first, ``""`` if none.
        schemas: those that were read.
        tables, columns, constraints, indexes, triggers, enums, domains, sequences: see
            catalog_queries.
        expressions: SQL text by ``(kind, oid, position)``.
        unread: reasons by table oid.
    """

    version: int
    current_schema: str
    schemas: tuple[str, ...]
    tables: list[Row] = field(default_factory=list)
    columns: list[Row] = field(default_factory=list)
    constraints: list[Row] = field(default_factory=list)
    indexes: list[Row] = field(default_factory=list)
    triggers: list[Row] = field(default_factory=list)
    enums: list[Row] = field(default_factory=list)
    domains: list[Row] = field(default_factory=list)
    sequences: list[Row] = field(default_factory=list)
    expressions: dict[tuple[str, int, int], str] = field(default_factory=dict)
    unread: dict[int, str] = field(default_factory=dict)


def read_catalogs(
    connection: BaseDatabaseWrapper, schemas: Sequence[str] | None = None
) -> Catalogs:
    """Read the catalogs in one read-only transaction.

    Args:
        connection: to PostgreSQL 14 or later, any role; an open transaction is left as it was.
        schemas: their names; all but the server's own if not given.

    Raises:
        ServerError: not PostgreSQL, too old, or not reachable.
        UnknownName: a schema does not exist.
    """
    check_vendor(connection)
    with read_only(connection) as cursor:
        (about,) = rows(cursor, queries.ABOUT)
        if about["version"] < OLDEST:
            raise ServerError(
                f"{connection.alias!r} is PostgreSQL {about['version'] // 10000}; "
                "modeler reads 14 and later. Upgrade the server."
            )
        known = about["schemas"]
        for name in schemas or ():
            if name not in known:
                raise UnknownName("schema", name, known)
        found = Catalogs(
            about["version"], about["current_schema"] or "", tuple(sorted(schemas or known))
        )
        names = [list(found.schemas)]
        found.tables = rows(cursor, queries.TABLES, names)
        found.columns = rows(cursor, queries.COLUMNS, names)
        found.constraints = rows(cursor, queries.constraints(found.version), names)
        found.indexes = rows(cursor, queries.indexes(found.version), names)
        found.triggers = rows(cursor, queries.TRIGGERS, names)
        found.enums = rows(cursor, queries.ENUMS, names)
        found.domains = rows(cursor, queries.DOMAINS)
        found.sequences = rows(cursor, queries.SEQUENCES, names)
        _read_expressions(cursor, found)
    return found


def _read_expressions(cursor: Any, found: Catalogs) -> None:
    """Read all expressions at once, or a table at a time where one is locked."""
    oids = [table["oid"] for table in found.tables]

    def read(some: list[int]) -> None:
        for row in rows(cursor, queries.EXPRESSIONS, [some] * queries.EXPRESSIONS.count("%s")):
            if row["text"] is not None:
                found.expressions[row["kind"], row["oid"], row["position"]] = row["text"]

    if _attempt(cursor, lambda: read(oids)) is None:
        return
    # Whoever holds a lock that conflicts with reading is asked about only once.
    locked = {row["oid"] for row in rows(cursor, queries.LOCKED, [oids])}
    free = [oid for oid in oids if oid not in locked]
    reason = "locked by another transaction; read it again when that has ended"
    found.unread.update(dict.fromkeys(locked, reason))
    if _attempt(cursor, lambda: read(free)) is None:
        return
    for oid in free:
        failure = _attempt(cursor, partial(read, [oid]))
        if failure is not None:
            found.unread[oid] = reason if _is_lock(failure) else str(failure).strip()


def _attempt(cursor: Any, action: Callable[[], None]) -> DatabaseError | None:
    cursor.execute("SAVEPOINT modeler_expressions")
    try:
        action()
    except DatabaseError as error:
        cursor.execute("ROLLBACK TO SAVEPOINT modeler_expressions")
        return error
    cursor.execute("RELEASE SAVEPOINT modeler_expressions")
    return None


def _is_lock(error: DatabaseError) -> bool:
    cause = error.__cause__
    # psycopg 3 says sqlstate, psycopg2 pgcode; 55P03 is lock_not_available.
    return "55P03" in {getattr(cause, "sqlstate", None), getattr(cause, "pgcode", None)}


def check_vendor(connection: BaseDatabaseWrapper) -> None:
    """Raise ServerError unless the connection speaks to PostgreSQL."""
    if connection.vendor != "postgresql":
        raise ServerError(
            f"The database {connection.alias!r} is {connection.display_name}; live reading needs "
            "PostgreSQL. Name another alias, or read the models instead."
        )


@contextmanager
def read_only(connection: BaseDatabaseWrapper) -> Iterator[Any]:
    """Yield a cursor whose transaction cannot write nor wait for long.

    Inside an open transaction a savepoint takes its place, and all settings go back with it.

    Raises:
        ServerError: the server does not answer.
    """
    require_answer(connection)
    inside = connection.in_atomic_block or not connection.get_autocommit()
    with connection.cursor() as cursor:
        if inside:
            cursor.execute("SAVEPOINT modeler_reading")
            cursor.execute("SET LOCAL transaction_read_only = on")
        else:
            cursor.execute("START TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            cursor.execute(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'")
            yield cursor
        finally:
            if inside:
                cursor.execute("ROLLBACK TO SAVEPOINT modeler_reading")
                cursor.execute("RELEASE SAVEPOINT modeler_reading")
            else:
                cursor.execute("ROLLBACK")


def rows(cursor: Any, sql: str, parameters: Sequence[Any] | None = None) -> list[Row]:
    """Run a query and return its rows as dicts."""
    cursor.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
