"""The SQL that asks which tables are empty, and what their rows must be like.

Lighter than the reader of whole schemas: it runs before every migration of a history, and reads
nothing of tables that have rows.
"""

from __future__ import annotations

# A file without pages has no rows, which needs no look at the table; a table whose rows were
# deleted keeps its pages and has to be looked into. A partitioned table has no file.
TABLES = """
SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.relkind = 'p',
       current_schema()::text, c.relkind = 'r' AND pg_relation_size(c.oid) = 0,
       c.relrowsecurity AND (c.relforcerowsecurity OR NOT pg_has_role(c.relowner, 'USAGE'))
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_class'::regclass
                  AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY n.nspname, c.relname
"""

COLUMNS = """
SELECT a.attrelid::bigint, a.attname::text, a.atttypid::bigint,
       format_type(a.atttypid, a.atttypmod), a.atttypmod, a.attnotnull,
       coalesce(pg_get_expr(d.adbin, d.adrelid), ''), a.attidentity::text, a.attgenerated::text,
       a.attnum::int
FROM pg_attribute a
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = ANY(%s) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""


def keys(version: int) -> str:
    """Return the query of unique indexes and exclusion constraints."""
    distinct = "NOT i.indnullsnotdistinct" if version >= 150000 else "true"
    return f"""
SELECT i.indrelid::bigint, x.relname::text, i.indkey::int2[]::int[], i.indnkeyatts::int,
       pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid), {distinct},
       i.indimmediate, i.indisexclusion,
       ARRAY(SELECT o.oprname::text FROM pg_constraint k,
             unnest(k.conexclop) WITH ORDINALITY AS u(oid, position)
             JOIN pg_operator o ON o.oid = u.oid
             WHERE k.conindid = i.indexrelid AND k.contype = 'x' ORDER BY u.position)
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
WHERE i.indrelid = ANY(%s) AND (i.indisunique OR i.indisexclusion)
ORDER BY i.indrelid, NOT i.indisprimary, x.relname
"""


def constraints(version: int) -> str:
    """Return the query of checks and foreign keys that are enforced."""
    enforced = "AND k.conenforced" if version >= 180000 else ""
    return f"""
SELECT k.conrelid::bigint, k.conname::text, k.contype::text, k.conkey::int[],
       pg_get_expr(k.conbin, k.conrelid), k.confrelid::bigint, k.confkey::int[], k.condeferrable
FROM pg_constraint k
WHERE k.conrelid = ANY(%s) AND k.contype IN ('c', 'f') AND k.conparentid = 0 {enforced}
ORDER BY k.conrelid, k.conname
"""


# What rows of each leaf of a partitioned table must pass.
PARTITIONS = """
SELECT r.oid::bigint, p.relid::regclass::text, pg_get_partition_constraintdef(p.relid)
FROM unnest(%s::bigint[]) AS r(oid), pg_partition_tree(r.oid::oid::regclass) p
JOIN pg_class c ON c.oid = p.relid
WHERE p.isleaf AND c.relkind = 'r'
ORDER BY r.oid, p.relid::regclass::text
"""

POLICIES = """
SELECT p.polrelid::bigint, p.polname::text, p.polpermissive,
       pg_get_expr(coalesce(p.polwithcheck, p.polqual), p.polrelid)
FROM pg_policy p
WHERE p.polrelid = ANY(%s) AND p.polcmd IN ('a', '*')
  AND (0 = ANY(p.polroles) OR EXISTS (
      SELECT 1 FROM unnest(p.polroles) AS r(oid) WHERE r.oid <> 0 AND pg_has_role(r.oid, 'USAGE')))
ORDER BY p.polrelid, p.polname
"""

# The types of columns and all that they are made of.
TYPES = """
WITH RECURSIVE used(oid) AS (
    SELECT DISTINCT unnest(%s::bigint[])::oid
    UNION
    SELECT part.oid FROM used
    JOIN pg_type t ON t.oid = used.oid
    LEFT JOIN pg_range g ON g.rngtypid = t.oid OR g.rngmultitypid = t.oid
    LEFT JOIN pg_attribute a ON t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0
                            AND NOT a.attisdropped
    CROSS JOIN LATERAL (VALUES (t.typbasetype), (t.typelem), (a.atttypid),
                               (CASE WHEN t.typtype = 'm' THEN g.rngtypid
                                     ELSE g.rngsubtype END)) AS part(oid)
    WHERE part.oid <> 0
)
SELECT t.oid::bigint, format_type(t.oid, NULL), t.typtype::text, t.typname::text,
       t.typbasetype::bigint, t.typtypmod, t.typnotnull,
       CASE WHEN t.typcategory = 'A' AND t.typtype = 'b' THEN t.typelem::bigint ELSE 0 END,
       (SELECT CASE WHEN t.typtype = 'm' THEN g.rngtypid ELSE g.rngsubtype END::bigint
        FROM pg_range g WHERE g.rngtypid = t.oid OR g.rngmultitypid = t.oid),
       ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid
             ORDER BY e.enumsortorder),
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE t.typtype = 'c'
             AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
             ORDER BY a.attnum),
       ARRAY(SELECT a.atttypid::bigint FROM pg_attribute a WHERE t.typtype = 'c'
             AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
             ORDER BY a.attnum),
       ARRAY(SELECT a.atttypmod FROM pg_attribute a WHERE t.typtype = 'c'
             AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
             ORDER BY a.attnum),
       ARRAY(SELECT pg_get_expr(k.conbin, 0) FROM pg_constraint k
             WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname)
FROM used JOIN pg_type t ON t.oid = used.oid
"""

# Where each key that a table refers to lies, and what it is called.
TARGETS = """
SELECT c.oid::bigint, n.nspname::text, c.relname::text, current_schema()::text,
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
             ORDER BY a.attnum),
       ARRAY(SELECT a.attnum::int FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
             ORDER BY a.attnum)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY(%s)
"""

# What the triggers say that fire when a row is inserted.
TRIGGERS = """
SELECT t.tgrelid::bigint, t.tgname::text,
       coalesce(CASE WHEN t.tgqual IS NOT NULL THEN pg_get_triggerdef(t.oid) END, ''),
       p.prosrc
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = ANY(%s) AND NOT t.tgisinternal AND t.tgenabled <> 'D'
  AND t.tgtype & 4 > 0
ORDER BY t.tgrelid, t.tgname
"""
