"""Measuring a statement on the shadow at two sizes of its table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ServerError

from .calibration import Calibration, Sample
from .processor import ProcessorQueue
from .size import Size

ROWS = (25_000, 100_000)
REPEATS = 3
LEAST_SECONDS, MOST_REPEATS = 0.5, 15
SIZE = """
SELECT greatest(c.reltuples, 0)::float8, pg_relation_size(c.oid)::float8,
       coalesce((SELECT pg_relation_size(t.oid) FROM pg_class t WHERE t.oid = c.reltoastrelid), 0)
       ::float8,
       coalesce((SELECT sum(pg_relation_size(i.indexrelid)) FROM pg_index i
                 WHERE i.indrelid = c.oid), 0)::float8,
       (SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid)::int
FROM pg_class c WHERE c.oid = %s::regclass
"""

Fill = Callable[[Any, int], None]


def calibrate(
    connection: BaseDatabaseWrapper,
    statement: str,
    tables: Sequence[str],
    fill: Fill,
    *,
    rows: Sequence[int] = ROWS,
    repeats: int = REPEATS,
) -> Calibration:
    """Measure a statement at each number of rows.

    Args:
        connection: to a database of the shadow that nobody else uses, in autocommit.
        statement: is rolled back each time, so it must be allowed in a transaction; of a
            statement with CONCURRENTLY give the one without.
        tables: whose rows it works on, as SQL names them.
        fill: makes the tables hold that many rows; called with a cursor, smallest first.
        repeats: the median of at least so many runs counts; 1 is one run.

    Raises:
        ServerError: the statement fails there.
    """
    samples = []
    with connection.cursor() as cursor:
        for count in rows:
            fill(cursor, count)
            settle(cursor, tables)
            size = size_here(cursor, tables)
            samples.append(typical(cursor, statement, tables, repeats, size))
    return Calibration(tuple(samples))


def typical(
    cursor: Any, statement: str, tables: Sequence[str], repeats: int, size: Size
) -> Sample:
    """Return the median of repeated runs, more of them the shorter they are.

    On a busy machine a short statement after a pause ends before its turn does, and a long one
    does not; runs one after the other use up that credit and compare with long ones.
    """
    measured: list[Sample] = []
    while len(measured) < repeats or (
        repeats > 1
        and sum(sample.seconds for sample in measured) < LEAST_SECONDS
        and len(measured) < MOST_REPEATS
    ):
        measured.append(run_of(cursor, statement, tables, size))
    return replace(
        measured[-1],
        seconds=statistics.median(sample.seconds for sample in measured),
        waited=statistics.median(sample.waited for sample in measured),
    )


def settle(cursor: Any, tables: Sequence[str]) -> None:
    """Leave nothing to do for the first reader: hint bits, dirty pages, statistics.

    The shadow commits asynchronously, and a commit that is not on disk yet may neither be marked
    in its rows nor in the visibility map; so it goes to disk first.
    """
    cursor.execute("CHECKPOINT")
    for table in tables:
        cursor.execute(f"VACUUM (ANALYZE) {table}")
    cursor.execute("CHECKPOINT")


def run_of(cursor: Any, statement: str, tables: Sequence[str], size: Size) -> Sample:
    """Run a statement once and undo it; it leaves nothing behind.

    Args:
        size: of the tables before it.

    Raises:
        ServerError: it failed.
    """
    before = [_length(cursor, table) for table in tables]
    queue = ProcessorQueue(cursor)
    cursor.execute("BEGIN")
    try:
        waited, started = queue.waited(), time.perf_counter()
        cursor.execute(statement)
        changed = max(cursor.rowcount, 0) if cursor.description is None else 0
        # What constraints are deferred to the end belongs to it.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        taken, waited = time.perf_counter() - started, queue.waited() - waited
        grown = size_here(cursor, tables).index_bytes - size.index_bytes
    except DatabaseError as error:
        raise ServerError(
            f"The statement cannot be measured: {' '.join(str(error).split())}"
        ) from error
    finally:
        cursor.execute("ROLLBACK")
    for table, length in zip(tables, before, strict=True):
        if _length(cursor, table) > length:
            # Rows that were written and rolled back are still in the file.
            cursor.execute(f"VACUUM (FULL) {table}")
            settle(cursor, [table])
    waited = min(waited, taken) if queue.known else 0.0
    return Sample(size, taken - waited, float(changed), max(grown, 0.0), waited)


def size_here(cursor: Any, tables: Sequence[str]) -> Size:
    """Return the size of some tables together."""
    total = Size(0, 0)
    for table in tables:
        cursor.execute(SIZE, [table])
        total += Size(*cursor.fetchone())
    return total


def _length(cursor: Any, table: str) -> int:
    cursor.execute("SELECT pg_relation_size(%s::regclass)", [table])
    return cursor.fetchone()[0]
