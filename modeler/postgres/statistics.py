"""Numbers about stored rows, from what ANALYZE left: nothing is scanned.

Source: PostgreSQL manual, 52.11 (pg_class) and 53.27 (pg_stats). Sizes are pages as VACUUM and
ANALYZE counted them last: ``pg_total_relation_size`` would be exact, and wait behind locks.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.postgres.catalogs import Row, check_vendor, read_only, rows
from modeler.schema.location import Location
from modeler.schema.schema import Schema
from modeler.schema.statistics import ColumnStatistics, FanOut, Statistics, TableStatistics

# pg_stats shows only columns that the role may read.
TABLES = """
SELECT c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name,
       c.reltuples::float8 AS tuples, c.relpages::int AS pages,
       current_schema()::text AS current_schema, current_setting('block_size')::int AS block,
       c.relpages::bigint
       + coalesce((SELECT sum(x.relpages) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                   WHERE i.indrelid IN (c.oid, c.reltoastrelid)), 0)::bigint
       + coalesce((SELECT t.relpages FROM pg_class t WHERE t.oid = c.reltoastrelid), 0)::bigint
       AS all_pages
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.relpersistence <> 't'
ORDER BY n.nspname, c.relname
"""
# A partitioned table has statistics over all its partitions under "inherited".
COLUMNS = """
SELECT s.schemaname::text AS schema, s.tablename::text AS "table", s.attname::text AS name,
       s.null_frac::float8 AS nulls, s.avg_width::int AS width, s.n_distinct::float8 AS "distinct"
FROM pg_stats s
JOIN pg_namespace n ON n.nspname = s.schemaname
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
WHERE s.schemaname !~ '^pg_' AND s.schemaname <> 'information_schema'
  AND s.inherited = (c.relkind = 'p')
ORDER BY s.schemaname, s.tablename, s.attname
"""
FOREIGN_KEYS = """
SELECT k.conrelid::bigint AS "table", k.conname::text AS name, a.attname::text AS "column"
FROM pg_constraint k
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
WHERE k.contype = 'f' AND cardinality(k.conkey) = 1 AND k.conparentid = 0
ORDER BY k.conrelid, k.conname
"""


def read_statistics(
    connection: BaseDatabaseWrapper, schema: Schema | None = None, *, alias: str | None = None
) -> Statistics:
    """Read rows, pages, widths, null fractions, distinct counts and fan-out.

    Args:
        connection: to PostgreSQL, any role; columns it may not read have no statistics.
        schema: whose relations the fan-out is given for; without it, those of the database,
            as ``read_database`` names them.
        alias: what the locations say, the connection's own if not given.

    Raises:
        ServerError: not PostgreSQL, or no answer.
    """
    check_vendor(connection)
    name = alias or connection.alias
    with read_only(connection) as cursor:
        tables = rows(cursor, TABLES)
        stored = rows(cursor, COLUMNS)
        keys = rows(cursor, FOREIGN_KEYS)
    by_table: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in stored:
        by_table[row["schema"], row["table"]].append(row)
    keys_of: defaultdict[int, list[Row]] = defaultdict(list)
    for row in keys:
        keys_of[row["table"]].append(row)
    return Statistics(
        datetime.now(UTC),
        tuple(
            _table(row, name, by_table[row["schema"], row["name"]], keys_of[row["oid"]], schema)
            for row in tables
        ),
    )


def _table(
    row: Row, alias: str, stored: list[Row], keys: list[Row], schema: Schema | None
) -> TableStatistics:
    place = "" if row["schema"] == row["current_schema"] else row["schema"]
    location = Location(alias, place, row["name"])
    # -1 says that nobody ever counted.
    tuples = row["tuples"] if row["tuples"] >= 0 else None
    columns = tuple(
        ColumnStatistics(
            name=column["name"],
            null_fraction=column["nulls"],
            width=column["width"],
            distinct=distinct(column["distinct"], tuples),
        )
        for column in stored
    )
    if schema is None:
        relations = [(f"{location}.{key['name']}", key["column"]) for key in keys]
    else:
        relations = [
            (relation.key, relation.columns[0])
            for table in schema.at(location)
            for relation in table.relations
            if len(relation.columns) == 1 and relation.target_location is not None
        ]
    known = {column.name: column for column in columns}
    return TableStatistics(
        location=location,
        rows=tuples,
        pages=row["pages"],
        bytes=row["all_pages"] * row["block"],
        columns=columns,
        fan_out=tuple(
            FanOut(relation, mean)
            for relation, column in relations
            if column in known and (mean := _mean(known[column], tuples)) is not None
        ),
    )


def distinct(n_distinct: float, tuples: float | None) -> float:
    """Return a number of distinct values; PostgreSQL's negative ones are shares of the rows."""
    return n_distinct if n_distinct >= 0 else -n_distinct * (tuples or 0.0)


def _mean(column: ColumnStatistics, tuples: float | None) -> float | None:
    """Return how many rows a referenced row has, of those that have any."""
    if not tuples or not column.distinct:
        return None
    return tuples * (1 - column.null_fraction) / column.distinct
