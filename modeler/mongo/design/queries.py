"""The queries by which rows are measured; names come quoted, numbers as parameters.

Source: PostgreSQL manual, 9.21 (ordered-set aggregates), SELECT (TABLESAMPLE), 53.27 (pg_stats),
27.2 (cumulative statistics).
"""

from __future__ import annotations

TABLES = """
SELECT n.nspname::text AS schema, c.relname::text AS name, c.reltuples::float8 AS tuples,
       c.relkind::text AS kind, current_schema()::text AS current_schema,
       s.n_live_tup::bigint AS living, s.n_tup_ins::bigint AS inserted,
       s.n_tup_upd::bigint AS updated, s.n_tup_del::bigint AS deleted,
       s.n_tup_hot_upd::bigint AS updated_in_page,
       (coalesce(s.seq_tup_read, 0) + coalesce(s.idx_tup_fetch, 0))::bigint AS read
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""
STATISTICS = """
SELECT null_frac::float8 AS nulls, n_distinct::float8 AS "distinct",
       most_common_freqs[1]::float8 AS largest
FROM pg_stats WHERE schemaname = %s AND tablename = %s AND attname = %s
ORDER BY inherited LIMIT 1
"""
COUNT = "SELECT count(*) AS rows FROM {table}"
FAN_OUT = """
SELECT count(*)::bigint AS parents, avg(n)::float8 AS mean, max(n)::float8 AS maximum,
       coalesce(sum(n), 0)::bigint AS referring,
       percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY n) AS at
FROM (SELECT count(*) AS n FROM {child} WHERE {present} GROUP BY {columns}) AS g
"""
# Of some parents, through the index that starts with the reference.
FAN_OUT_SAMPLED = """
SELECT count(*)::bigint AS asked, count(*) FILTER (WHERE n > 0)::bigint AS parents,
       avg(n) FILTER (WHERE n > 0)::float8 AS mean, max(n)::float8 AS maximum,
       percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY n) FILTER (WHERE n > 0) AS at
FROM (
  SELECT (SELECT count(*) FROM {child} c WHERE {joined}) AS n
  FROM (SELECT {targets} FROM {parent} {sample} LIMIT {most}) AS p
) AS g
"""
ROW_BYTES = """
SELECT avg(b)::float8 AS mean, max(b)::float8 AS largest,
       percentile_disc(0.99) WITHIN GROUP (ORDER BY b)::float8 AS p99
FROM (SELECT pg_column_size(t.*) AS b FROM (SELECT * FROM {table} {sample} LIMIT {most}) AS t) AS g
"""
LATE = """
SELECT avg((c.made > p.{parent_made} + interval '1 day')::int)::float8 AS late
FROM (SELECT {columns}, {child_made} AS made FROM {child} {sample} LIMIT {most}) AS c
JOIN {parent} p ON {joined}
"""
MONTHS = """
SELECT to_char(date_trunc('month', {made}), 'YYYY-MM-DD') AS month, count(*)::bigint AS rows
FROM {table} WHERE {made} IS NOT NULL
GROUP BY 1 ORDER BY 1 DESC LIMIT 24
"""
