"""Reading the counters of traffic alone: twice, some seconds apart, they give rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ServerError
from modeler.postgres.catalogs import check_vendor, read_only, rows

from .figures import Traffic

# The views of this room's export, without what does not change within seconds.
COUNTERS = """
SELECT schemaname::text AS schema, relname::text AS name, seq_scan, seq_tup_read, idx_scan,
       idx_tup_fetch, n_tup_ins, n_tup_upd, n_tup_del, n_tup_hot_upd, n_live_tup, n_dead_tup
FROM pg_stat_user_tables ORDER BY 1, 2
"""
DATABASE = """
SELECT clock_timestamp() AS now, coalesce(current_schema()::text, '') AS current_schema,
       coalesce(xact_commit, 0) + coalesce(xact_rollback, 0) AS transactions
FROM pg_stat_database WHERE datname = current_database()
"""


@dataclass(frozen=True, slots=True)
class TrafficSample:
    """One reading.

    Attributes:
        read_at: when, aware, by the server's clock.
        current_schema: what unqualified names reach.
        transactions: of the database, committed and rolled back.
        tables: ``(schema, name, counters)``.
    """

    read_at: datetime
    current_schema: str
    transactions: int
    tables: tuple[tuple[str, str, Traffic], ...] = ()

    def of(self, schema: str, name: str) -> Traffic | None:
        """Return a table's counters; ``""`` stands for the current schema."""
        wanted = (schema or self.current_schema, name)
        return next((found for *key, found in self.tables if tuple(key) == wanted), None)


def read_traffic(connection: BaseDatabaseWrapper) -> TrafficSample:
    """Read the counters; any role may.

    Sessions report theirs at the end of a transaction, at most once a second, so a few seconds
    between two readings are the least that tells something.

    Raises:
        ServerError: not PostgreSQL, or no answer.
    """
    check_vendor(connection)
    try:
        with read_only(connection) as cursor:
            (about,) = rows(cursor, DATABASE)
            found = rows(cursor, COUNTERS)
    except DatabaseError as error:
        raise ServerError(
            f"The counters of {connection.alias!r} could not be read: "
            f"{' '.join(str(error).split())}"
        ) from error
    return TrafficSample(
        about["now"],
        about["current_schema"],
        about["transactions"],
        tuple((row["schema"], row["name"], traffic_of(row)) for row in found),
    )


def traffic_of(row: dict) -> Traffic:
    """Return the counters that a row of ``pg_stat_user_tables`` has."""
    return Traffic(
        sequential_scans=row["seq_scan"] or 0,
        index_scans=row["idx_scan"] or 0,
        rows_read=row["seq_tup_read"] or 0,
        rows_fetched=row["idx_tup_fetch"] or 0,
        inserted=row["n_tup_ins"] or 0,
        updated=row["n_tup_upd"] or 0,
        deleted=row["n_tup_del"] or 0,
        updated_in_page=row["n_tup_hot_upd"] or 0,
        live_rows=row["n_live_tup"] or 0,
        dead_rows=row["n_dead_tup"] or 0,
    )
