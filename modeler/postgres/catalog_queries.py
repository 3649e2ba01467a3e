"""The SQL of the live reader. Types are cast to what every driver reads the same way."""

from __future__ import annotations

# Objects that an extension brought belong to it, not to the project.
OF_EXTENSION = """EXISTS (
    SELECT 1 FROM pg_depend e
    WHERE e.classid = '{catalog}'::regclass AND e.objid = {oid} AND e.deptype = 'e'
)"""

ABOUT = """
SELECT current_setting('server_version_num')::int AS version,
       current_setting('server_version') AS version_text,
       current_schema()::text AS current_schema,
       ARRAY(SELECT nspname::text FROM pg_namespace
             WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
             ORDER BY nspname) AS schemas
"""

TABLES = f"""
SELECT c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name,
       c.relkind::text AS kind, c.relispartition AS is_partition,
       {OF_EXTENSION.format(catalog="pg_class", oid="c.oid")} AS of_extension,
       obj_description(c.oid, 'pg_class') AS comment,
       p.partstrat::text AS strategy, p.partattrs::int2[]::int[] AS partition_columns,
       i.inhparent::bigint AS parent, c.reloptions AS storage,
       c.relpersistence <> 'u' AS logged, c.relrowsecurity AS row_security,
       c.relforcerowsecurity AS row_security_forced,
       c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid)
           AS inherited
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = ANY(%s)
  AND c.relpersistence <> 't'
ORDER BY n.nspname, c.relname
"""

COLUMNS = """
SELECT a.attrelid::bigint AS "table", a.attnum::int AS number, a.attname::text AS name,
       format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
       a.attidentity::text AS identity, a.attgenerated::text AS generated,
       CASE WHEN a.attcollation <> t.typcollation THEN l.collname::text ELSE '' END AS collation,
       CASE WHEN e.typarray = t.oid THEN format_type(e.oid, a.atttypmod) END AS element,
       col_description(a.attrelid, a.attnum) AS comment,
       EXISTS (SELECT 1 FROM pg_depend d
               WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                 AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
                 AND d.deptype = 'a') AS owns_sequence
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type e ON e.oid = t.typelem
LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = ANY(%s)
  AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""


def constraints(version: int) -> str:
    """Return the query of constraints; NOT ENFORCED came with PostgreSQL 18.

    A foreign key to a partitioned table has further rows, one a partition, under the same
    owner: they are how the server carries it out, not declarations.
    """
    enforced = "k.conenforced" if version >= 180000 else "true"
    return f"""
SELECT k.oid::bigint AS oid, k.conrelid::bigint AS "table", k.conname::text AS name,
       k.contype::text AS kind, k.condeferrable AS deferrable, k.condeferred AS deferred,
       k.convalidated AS valid, {enforced} AS enforced,
       k.conkey::int[] AS columns, tn.nspname::text AS target_schema, tc.relname::text AS target,
       ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(number, position)
             JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number
             ORDER BY u.position) AS target_columns, k.conindid::bigint AS "index",
       k.confdeltype::text AS on_delete, k.confupdtype::text AS on_update,
       ARRAY(SELECT o.oprname::text FROM unnest(k.conexclop) WITH ORDINALITY AS u(oid, position)
             JOIN pg_operator o ON o.oid = u.oid ORDER BY u.position) AS operators,
       obj_description(k.oid, 'pg_constraint') AS comment
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class tc ON tc.oid = k.confrelid
LEFT JOIN pg_namespace tn ON tn.oid = tc.relnamespace
LEFT JOIN pg_constraint parent ON parent.oid = k.conparentid
WHERE n.nspname = ANY(%s) AND k.contype IN ('p', 'u', 'c', 'x', 'f', 'n')
  AND (k.conparentid = 0 OR parent.conrelid <> k.conrelid)
ORDER BY k.conrelid, k.conname, k.oid
"""


def indexes(version: int) -> str:
    """Return the query of indexes; NULLS NOT DISTINCT came with PostgreSQL 15.

    Types are those of the values that are indexed, ``""`` where the index keeps others: a hash
    its number, GIN the keys within.
    """
    distinct = "NOT i.indnullsnotdistinct" if version >= 150000 else "true"
    return f"""
SELECT i.indexrelid::bigint AS oid, i.indrelid::bigint AS "table", x.relname::text AS name,
       m.amname::text AS method, i.indisunique AS "unique", i.indisprimary AS is_primary,
       i.indisvalid AS valid, {distinct} AS nulls_distinct, i.indnkeyatts::int AS keys,
       i.indkey::int2[]::int[] AS columns, i.indoption::int2[]::int[] AS options,
       ARRAY(SELECT CASE WHEN o.opcdefault THEN '' ELSE o.opcname::text END
             FROM unnest(i.indclass::oid[]) WITH ORDINALITY AS u(oid, position)
             JOIN pg_opclass o ON o.oid = u.oid ORDER BY u.position) AS classes,
       ARRAY(SELECT CASE WHEN u.oid = 0 OR u.oid = coalesce(a.attcollation, 100) THEN ''
                         ELSE l.collname::text END
             FROM unnest(i.indcollation::oid[], (i.indkey::int2[])[0:i.indnkeyatts - 1])
                  WITH ORDINALITY AS u(oid, number, position)
             LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.number
                                     AND u.number > 0
             LEFT JOIN pg_collation l ON l.oid = u.oid ORDER BY u.position) AS collations,
       ARRAY(SELECT CASE WHEN m.amname = 'hash' OR o.opckeytype NOT IN (0, o.opcintype) THEN ''
                         ELSE format_type(a.atttypid, NULL) END
             FROM unnest(i.indclass::oid[]) WITH ORDINALITY AS u(oid, position)
             JOIN pg_opclass o ON o.oid = u.oid
             JOIN pg_attribute a ON a.attrelid = i.indexrelid AND a.attnum = u.position
             ORDER BY u.position) AS types,
       x.reloptions AS storage, obj_description(x.oid, 'pg_class') AS comment,
       EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid
               AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')) AS of_constraint
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_am m ON m.oid = x.relam
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%s) AND c.relkind IN ('r', 'p', 'm')
ORDER BY i.indrelid, x.relname
"""


# Triggers of partitions are copies of the parent's.
TRIGGERS = """
SELECT t.oid::bigint AS oid, t.tgrelid::bigint AS "table", t.tgname::text AS name,
       t.tgtype::int AS type, t.tgenabled::text AS enabled, t.tgconstraint <> 0 AS is_constraint,
       t.tgdeferrable AS deferrable, t.tginitdeferred AS deferred,
       t.tgattr::int2[]::int[] AS columns, p.proname::text AS function,
       pn.nspname::text AS function_schema, p.prosrc AS body, p.prosecdef AS security_definer,
       p.proconfig::text[] AS settings, l.lanname::text AS language,
       obj_description(t.oid, 'pg_trigger') AS comment
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace pn ON pn.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE n.nspname = ANY(%s) AND NOT t.tgisinternal AND t.tgparentid = 0
ORDER BY t.tgrelid, t.tgname
"""

ENUMS = f"""
SELECT n.nspname::text AS schema, t.typname::text AS name,
       ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid
             ORDER BY e.enumsortorder) AS labels
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'e' AND n.nspname = ANY(%s)
  AND NOT {OF_EXTENSION.format(catalog="pg_type", oid="t.oid")}
ORDER BY n.nspname, t.typname
"""

# A domain may belong to an extension; columns have its type all the same. A domain over an array
# is of the category of arrays, and has no element of its own.
DOMAINS = f"""
SELECT t.oid::bigint AS oid, n.nspname::text AS schema, t.typname::text AS name,
       t.typbasetype::bigint AS base, format_type(t.typbasetype, t.typtypmod) AS type,
       CASE WHEN b.typcategory = 'A' AND b.typelem > 0
            THEN format_type(b.typelem, t.typtypmod) END AS element,
       t.typnotnull AS not_null,
       CASE WHEN t.typcollation <> b.typcollation THEN l.collname::text END AS collation,
       pg_get_expr(t.typdefaultbin, 0) AS "default",
       {OF_EXTENSION.format(catalog="pg_type", oid="t.oid")} AS of_extension,
       ARRAY(SELECT k.conname::text FROM pg_constraint k
             WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname) AS checks,
       ARRAY(SELECT k.convalidated FROM pg_constraint k
             WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname) AS valid,
       ARRAY(SELECT pg_get_expr(k.conbin, 0) FROM pg_constraint k
             WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname) AS expressions
FROM pg_type t
JOIN pg_type b ON b.oid = t.typbasetype
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_collation l ON l.oid = t.typcollation
WHERE t.typtype = 'd' AND n.nspname <> 'information_schema'
ORDER BY n.nspname, t.typname
"""

# Raw columns: what a sequence is, not where it stands.
SEQUENCES = f"""
SELECT n.nspname::text AS schema, c.relname::text AS name,
       format_type(s.seqtypid, NULL) AS type, s.seqstart AS start, s.seqincrement AS increment,
       s.seqmin AS minimum, s.seqmax AS maximum, s.seqcache AS cache, s.seqcycle AS cycle,
       tn.nspname::text AS owner_schema, t.relname::text AS owner, a.attname::text AS column,
       obj_description(c.oid, 'pg_class') AS comment
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
                     AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
                     AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class t ON t.oid = d.refobjid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE n.nspname = ANY(%s) AND c.relpersistence <> 't'
  AND NOT {OF_EXTENSION.format(catalog="pg_class", oid="c.oid")}
ORDER BY n.nspname, c.relname
"""

# A trigger's condition speaks of two rows, which pg_get_expr refuses; the definition has it.
EXPRESSIONS = """
SELECT 'default' AS kind, d.adrelid::bigint AS oid, d.adnum::int AS position,
       pg_get_expr(d.adbin, d.adrelid) AS text
FROM pg_attrdef d WHERE d.adrelid = ANY(%s)
UNION ALL
SELECT 'check', k.oid::bigint, 0, pg_get_expr(k.conbin, k.conrelid)
FROM pg_constraint k WHERE k.contype = 'c' AND k.conrelid = ANY(%s)
UNION ALL
SELECT 'index', i.indexrelid::bigint, 0, pg_get_expr(i.indexprs, i.indrelid)
FROM pg_index i WHERE i.indexprs IS NOT NULL AND i.indrelid = ANY(%s)
UNION ALL
SELECT 'predicate', i.indexrelid::bigint, 0, pg_get_expr(i.indpred, i.indrelid)
FROM pg_index i WHERE i.indpred IS NOT NULL AND i.indrelid = ANY(%s)
UNION ALL
SELECT 'partition key', p.partrelid::bigint, 0, pg_get_expr(p.partexprs, p.partrelid)
FROM pg_partitioned_table p WHERE p.partexprs IS NOT NULL AND p.partrelid = ANY(%s)
UNION ALL
SELECT 'bound', c.oid::bigint, 0, pg_get_expr(c.relpartbound, c.oid)
FROM pg_class c WHERE c.relispartition AND c.oid = ANY(%s)
UNION ALL
SELECT 'trigger', t.oid::bigint, 0, pg_get_triggerdef(t.oid)
FROM pg_trigger t WHERE t.tgqual IS NOT NULL AND NOT t.tgisinternal AND t.tgrelid = ANY(%s)
UNION ALL
SELECT 'view', c.oid::bigint, 0, pg_get_viewdef(c.oid)
FROM pg_class c WHERE c.relkind IN ('v', 'm') AND c.oid = ANY(%s)
"""

LOCKED = """
SELECT DISTINCT l.relation::bigint AS oid
FROM pg_locks l
WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.granted
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.pid <> pg_backend_pid() AND l.relation = ANY(%s)
"""
