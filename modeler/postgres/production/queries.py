"""The queries of an export. None takes a lock on a table but FILE_BYTES, which says so.

Source: PostgreSQL manual, 53.11 (pg_class), 54.28 (pg_stats), 27.2 (cumulative statistics),
versions 14 to 18.
"""

from __future__ import annotations

ABOUT = """
SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::int AS number,
       current_setting('block_size')::int AS block,
       coalesce(current_schema()::text, '') AS current_schema,
       pg_is_in_recovery() AS standby,
       clock_timestamp() AS now,
       (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()) AS since
"""
# What the planner's choices depend on; the values are no secret to any role.
SETTINGS = """
SELECT name, setting || coalesce(nullif(unit, '8kB'), '') AS value, unit
FROM pg_settings
WHERE (category LIKE 'Query Tuning%' AND category NOT LIKE '%Genetic%'
       OR name IN ('work_mem', 'hash_mem_multiplier', 'max_parallel_workers',
                   'max_parallel_workers_per_gather', 'TimeZone'))
  AND context IN ('user', 'superuser')
  AND name NOT IN ('plan_cache_mode', 'default_statistics_target', 'constraint_exclusion')
ORDER BY name
"""
USER_SCHEMAS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
# What get_typavgwidth in the server's lsyscache.c says of a column: the type's length; of a
# limited length all of it up to 32 bytes, and half of what is above; else 32. Characters have the
# most bytes that the encoding knows.
_MOST = """CASE
    WHEN a.atttypmod > 4 AND a.atttypid IN ('bpchar'::regtype, 'varchar'::regtype)
    THEN (a.atttypmod - 4) * e.most + 4
    WHEN a.atttypmod > 4 AND a.atttypid = 'numeric'::regtype
    THEN 8 + 2 * (((((a.atttypmod - 4) >> 16) & 65535) + 6) / 4) END"""
_WIDTH = """CASE
    WHEN a.attlen > 0 THEN a.attlen
    WHEN m.most IS NULL THEN 32
    WHEN a.atttypid = 'bpchar'::regtype OR m.most <= 32 THEN m.most
    ELSE 32 + (least(m.most, 1000) - 32) / 2 END"""
TABLES = f"""
SELECT c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name,
       c.relkind::text AS kind, c.relpages::int AS pages, c.reltuples::float8 AS tuples,
       c.relallvisible::int AS visible, c.reltoastrelid::bigint AS toast,
       coalesce(t.relpages, 0)::int AS toast_pages,
       has_schema_privilege(n.oid, 'USAGE')
       AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'))
       AS readable,
       c.relrowsecurity AND row_security_active(c.oid) AS hidden,
       greatest(s.last_analyze, s.last_autoanalyze) AS analysed,
       (SELECT sum({_WIDTH})::int
        FROM pg_attribute a
        CROSS JOIN (SELECT pg_encoding_max_length(encoding) AS most FROM pg_database
                    WHERE datname = current_database()) e
        CROSS JOIN LATERAL (SELECT {_MOST} AS most) m
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS width,
       s.relid IS NOT NULL AS counted,
       s.seq_scan, s.seq_tup_read, s.idx_scan, s.idx_tup_fetch, s.n_tup_ins, s.n_tup_upd,
       s.n_tup_del, s.n_tup_hot_upd, s.n_live_tup, s.n_dead_tup
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.relkind IN ('r', 'p', 'm') AND {USER_SCHEMAS} AND c.relpersistence <> 't'
ORDER BY n.nspname, c.relname
"""
INDEXES = f"""
SELECT i.indrelid::bigint AS "table", c.oid::bigint AS oid, c.relname::text AS name,
       c.relpages::int AS pages, c.reltuples::float8 AS tuples, m.amname::text AS method,
       coalesce(s.idx_scan, 0) AS scans
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class r ON r.oid = i.indrelid
JOIN pg_namespace n ON n.oid = r.relnamespace
JOIN pg_am m ON m.oid = c.relam
LEFT JOIN pg_stat_user_indexes s ON s.indexrelid = c.oid
WHERE r.relkind IN ('r', 'p', 'm') AND {USER_SCHEMAS} AND r.relpersistence <> 't'
ORDER BY i.indrelid, c.relname
"""
# Shows only what the role may read. A partitioned table has statistics over all its partitions
# under "inherited". An index's expressions have rows under the index's own name.
COLUMNS = f"""
SELECT c.oid::bigint AS relation, a.attname::text AS name, a.attnum::int AS position,
       s.null_frac::float8 AS nulls, s.avg_width::int AS width, s.n_distinct::float8 AS "distinct",
       s.correlation::float8 AS correlation{{values}}
FROM pg_stats s
JOIN pg_namespace n ON n.nspname = s.schemaname
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname AND NOT a.attisdropped
WHERE {USER_SCHEMAS} AND s.inherited = (c.relkind = 'p')
ORDER BY c.oid, a.attnum
"""
VALUES = """,
       s.most_common_vals::text AS most_common,
       s.most_common_freqs::float8[] AS most_common_frequencies,
       s.histogram_bounds::text AS histogram, s.most_common_elems::text AS elements,
       s.most_common_elem_freqs::float8[] AS element_frequencies,
       s.elem_count_histogram::float8[] AS element_counts"""
# Waits behind access exclusive locks, so that those who hold or want one are left out.
FILE_BYTES = """
SELECT o::bigint AS oid, pg_relation_size(o::oid) AS bytes FROM unnest(%s::bigint[]) AS o
"""
LOCKED = """
SELECT DISTINCT l.relation::bigint AS oid FROM pg_locks l
WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock'
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
