"""Reading the figures of a live database, without waiting for anybody and without a superuser."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ServerError
from modeler.postgres.catalogs import OLDEST, Row, check_vendor, read_only, rows

from . import queries
from .figures import ColumnFigures, Figures, IndexFigures, TableFigures, ValueFigures
from .traffic import traffic_of

LOCKED_REASON = (
    "locked by another transaction, so its size is that of the last VACUUM or ANALYZE; "
    "export again when that has ended"
)
NOT_READABLE = (
    "the role may not read it, so it has no column statistics; grant it SELECT, or make it a "
    "member of pg_read_all_data"
)
HIDDEN = (
    "row-level security hides its column statistics from the role; export as its owner or as "
    "a role with BYPASSRLS"
)
NEVER_ANALYSED = "nobody ever analysed it, so its rows are unknown; run ANALYZE"


def read_figures(connection: BaseDatabaseWrapper, *, values: bool = False) -> Figures:
    """Read sizes, column statistics and traffic of all tables, in one read-only transaction.

    Args:
        connection: to PostgreSQL 14 or later, any role; what it may not read is named.
        values: take most common values and histograms too. They are real data.

    Raises:
        ServerError: not PostgreSQL, too old, or no answer.
    """
    check_vendor(connection)
    try:
        with read_only(connection) as cursor:
            return _read(cursor, connection.alias, values)
    except DatabaseError as error:
        raise ServerError(
            f"The statistics of {connection.alias!r} could not be read: "
            f"{' '.join(str(error).split())}"
        ) from error


def _read(cursor: Any, alias: str, values: bool) -> Figures:
    (about,) = rows(cursor, queries.ABOUT)
    if about["number"] < OLDEST:
        raise ServerError(
            f"{alias!r} is PostgreSQL {about['number'] // 10000}; modeler reads 14 and later. "
            "Upgrade the server."
        )
    tables = rows(cursor, queries.TABLES)
    indexes = rows(cursor, queries.INDEXES)
    columns = rows(cursor, queries.COLUMNS.format(values=queries.VALUES if values else ""))
    oids = [row[key] for row in tables for key in ("oid", "toast") if row[key]]
    sizes = _file_bytes(cursor, [*oids, *(row["oid"] for row in indexes)])
    columns_of: defaultdict[int, list[ColumnFigures]] = defaultdict(list)
    for row in columns:
        columns_of[row["relation"]].append(_column(row, values))
    indexes_of: defaultdict[int, list[IndexFigures]] = defaultdict(list)
    for row in indexes:
        indexes_of[row["table"]].append(
            IndexFigures(
                name=row["name"],
                pages=row["pages"],
                tuples=_counted(row["tuples"]),
                bytes=sizes.get(row["oid"], row["pages"] * about["block"]),
                method=row["method"],
                scans=row["scans"],
                columns=tuple(columns_of[row["oid"]]),
            )
        )
    return Figures(
        read_at=about["now"],
        server_version=about["version"].split()[0],
        server_version_num=about["number"],
        block_size=about["block"],
        current_schema=about["current_schema"],
        standby=about["standby"],
        # Counters that nobody ever reset began with the database; the server does not say when.
        counting_since=about["since"],
        settings=tuple((row["name"], row["value"]) for row in rows(cursor, queries.SETTINGS)),
        tables=tuple(
            _table(row, about["block"], sizes, columns_of[row["oid"]], indexes_of[row["oid"]])
            for row in tables
        ),
        unread=tuple(_unread(tables, sizes)),
    )


def _file_bytes(cursor: Any, oids: list[int]) -> dict[int, int]:
    """Return the lengths of files by oid; relations that somebody locked are not there."""
    for _ in range(2):
        # Whoever waits for an access exclusive lock makes us wait behind him as well.
        locked = {row["oid"] for row in rows(cursor, queries.LOCKED)}
        free = [oid for oid in oids if oid not in locked]
        cursor.execute("SAVEPOINT modeler_sizes")
        try:
            found = rows(cursor, queries.FILE_BYTES, [free])
        except DatabaseError:
            # Somebody locked one meanwhile; once more without it.
            cursor.execute("ROLLBACK TO SAVEPOINT modeler_sizes")
            continue
        cursor.execute("RELEASE SAVEPOINT modeler_sizes")
        return {row["oid"]: row["bytes"] for row in found if row["bytes"] is not None}
    return {}


def _table(
    row: Row,
    block: int,
    sizes: dict[int, int],
    columns: list[ColumnFigures],
    indexes: list[IndexFigures],
) -> TableFigures:
    return TableFigures(
        schema=row["schema"],
        name=row["name"],
        kind=row["kind"],
        pages=row["pages"],
        tuples=_counted(row["tuples"]),
        visible_pages=row["visible"],
        heap_bytes=sizes.get(row["oid"], row["pages"] * block),
        toast_bytes=sizes.get(row["toast"], row["toast_pages"] * block) if row["toast"] else 0,
        analysed_at=row["analysed"],
        traffic=traffic_of(row) if row["counted"] else None,
        columns=tuple(columns),
        indexes=tuple(indexes),
        row_width=row["width"],
    )


def _column(row: Row, values: bool) -> ColumnFigures:
    return ColumnFigures(
        name=row["name"],
        position=row["position"],
        null_fraction=row["nulls"],
        width=row["width"],
        distinct=row["distinct"],
        correlation=row["correlation"],
        values=_values(row) if values else None,
    )


def _values(row: Row) -> ValueFigures | None:
    found = ValueFigures(
        most_common=row["most_common"],
        most_common_frequencies=tuple(row["most_common_frequencies"] or ()),
        histogram=row["histogram"],
        elements=row["elements"],
        element_frequencies=tuple(row["element_frequencies"] or ()),
        element_counts=tuple(row["element_counts"] or ()),
    )
    return None if found == ValueFigures() else found


def _unread(tables: list[Row], sizes: dict[int, int]) -> Iterable[tuple[str, str]]:
    for row in tables:
        subject = f"{row['schema']}.{row['name']}"
        if not row["readable"]:
            yield subject, NOT_READABLE
        elif row["hidden"]:
            yield subject, HIDDEN
        if row["tuples"] < 0:
            yield subject, NEVER_ANALYSED
        if row["oid"] not in sizes and row["kind"] != "p":
            yield subject, LOCKED_REASON


def _counted(tuples: float) -> float | None:
    """Return a count; -1 says that nobody ever counted."""
    return tuples if tuples >= 0 else None
