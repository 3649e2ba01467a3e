"""The SQL of the live catalog: one relation a query, raw numbers, no lock but on the catalogs.

Names of other relations, types and operator classes are asked for apart and remembered, so
that planning stays short: this runs before every statement of a history.
Source: PostgreSQL manual, chapter 52 (system catalogs), 14 to 18.
"""

from __future__ import annotations

SESSION = """
SELECT current_setting('server_version_num')::int, current_setting('TimeZone'),
       coalesce(current_schema()::text, ''),
       EXISTS (SELECT 1 FROM pg_prepared_statements WHERE name = 'modeler_relation')
"""

PREPARED = "modeler_relation"

NAMES = """
SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.relkind::text, c.relam::bigint
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY(%s)
"""


def relation(major: int) -> str:
    """Return the query of one relation, whose name is given as ``to_regclass`` reads it."""
    enforced = "k.conenforced" if major >= 18 else "true"
    constraint = f"""json_build_array(k.oid::bigint, k.conname, k.contype, k.conrelid::bigint,
        k.confrelid::bigint, k.conkey, k.confkey, k.convalidated, {enforced}, k.condeferrable,
        k.condeferred, k.confdeltype, k.confupdtype, k.conindid::bigint, k.conparentid::bigint,
        k.coninhcount > 0"""
    return f"""
SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.relkind::text, c.relpersistence = 'u',
       c.relispartition, c.relam::bigint, c.reltablespace::bigint,
  (SELECT json_agg(json_build_array(a.attnum, a.attname, a.atttypid::bigint,
          format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef, a.attidentity,
          a.attgenerated, a.attcollation::bigint) ORDER BY a.attnum)
   FROM pg_attribute a
   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text,
  (SELECT json_agg(json_build_array(i.indexrelid::bigint, i.indkey::text, i.indclass::text,
          i.indcollation::text, i.indisunique, i.indisprimary, i.indisvalid,
          i.indpred IS NOT NULL))
   FROM pg_index i WHERE i.indrelid = c.oid)::text,
  (SELECT json_agg({constraint}, CASE WHEN k.contype = 'c'
          THEN pg_get_constraintdef(k.oid) END)) FROM pg_constraint k
   WHERE k.conrelid = c.oid)::text,
  (SELECT json_agg({constraint})) FROM pg_constraint k
   WHERE k.contype = 'f' AND k.confrelid = c.oid)::text,
  (SELECT json_agg(json_build_array(h.inhparent::bigint, h.inhrelid::bigint,
          h.inhseqno)) FROM pg_inherits h
   WHERE h.inhparent = c.oid OR h.inhrelid = c.oid)::text,
  (SELECT json_agg(t.tgname ORDER BY t.tgname) FROM pg_trigger t
   WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)::text,
  (SELECT json_agg(json_build_array(d.classid::regclass::text, d.objid::bigint, d.objsubid,
          d.refobjsubid, d.deptype)) FROM pg_depend d
   WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid)::text,
  (SELECT json_agg(json_build_array(b.adnum, d.refobjid::bigint)) FROM pg_attrdef b
   JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = b.oid
                   AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
   WHERE b.adrelid = c.oid)::text,
  (SELECT json_build_array(p.partstrat, p.partattrs::text, p.partdefid::bigint)
   FROM pg_partitioned_table p WHERE p.partrelid = c.oid)::text,
  (SELECT i.indrelid::bigint FROM pg_index i WHERE i.indexrelid = c.oid),
  (SELECT pg_get_expr(c.relpartbound, c.oid) WHERE c.relispartition),
  (SELECT json_agg(DISTINCT d.refobjid::bigint) FROM pg_rewrite r
   JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                   AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
   WHERE r.ev_class = c.oid AND c.relkind IN ('v', 'm'))::text,
  pg_get_userbyid(c.relowner)::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = to_regclass(%s)
"""


REWRITES = (
    "SELECT oid::bigint, ev_class::bigint, rulename::text FROM pg_rewrite WHERE oid = ANY(%s)"
)
POLICIES = "SELECT oid::bigint, polrelid::bigint, polname::text FROM pg_policy WHERE oid = ANY(%s)"
DEFAULTS = "SELECT oid::bigint, adrelid::bigint, adnum::int FROM pg_attrdef WHERE oid = ANY(%s)"
STATISTICS = "SELECT oid::bigint, stxname::text FROM pg_statistic_ext WHERE oid = ANY(%s)"
INDEX_PARENTS = """
SELECT inhrelid::bigint, inhparent::bigint FROM pg_inherits WHERE inhrelid = ANY(%s)
"""

TYPE_COLUMNS = """
SELECT t.oid::bigint, n.nspname::text, t.typname::text, t.typtype::text, t.typbasetype::bigint,
       format_type(t.typbasetype, t.typtypmod),
       CASE WHEN t.typcategory = 'A' THEN t.typelem::bigint ELSE 0 END, t.typcollation::bigint,
       t.typtype = 'd' AND (t.typnotnull
           OR EXISTS (SELECT 1 FROM pg_constraint k WHERE k.contypid = t.oid))
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
"""
TYPES = TYPE_COLUMNS + "WHERE t.oid = ANY(%s)"
TYPE_OF_NAME = TYPE_COLUMNS + (
    "WHERE t.typname = %s AND CASE WHEN %s = '' THEN pg_type_is_visible(t.oid)"
    " ELSE n.nspname = %s END"
)
OPERATOR_CLASSES = """
SELECT o.oid::bigint, o.opcname::text, o.opcdefault, o.opcintype::bigint, m.amname::text
FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
"""
BINARY_CASTS = """
SELECT castsource::bigint, casttarget::bigint FROM pg_cast
WHERE castmethod = 'b' AND castcontext = 'i'
"""
CAST = "SELECT castmethod::text FROM pg_cast WHERE castsource = %s AND casttarget = %s"
COLLATIONS = "SELECT oid::bigint, collname::text FROM pg_collation WHERE oid = ANY(%s)"
METHODS = "SELECT oid::bigint, amname::text FROM pg_am"
VOLATILITY = "SELECT provolatile::text FROM pg_proc WHERE proname = %s"
# Columns of a type, of its array, and of domains over either.
TABLES_OF_TYPE = """
WITH RECURSIVE own AS (
    SELECT t.oid, t.typarray FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typname = %s
      AND CASE WHEN %s = '' THEN pg_type_is_visible(t.oid) ELSE n.nspname = %s END
), kin AS (
    SELECT oid FROM own UNION SELECT typarray FROM own
    UNION SELECT t.oid FROM pg_type t JOIN kin ON t.typbasetype = kin.oid
)
SELECT a.attrelid::bigint, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE a.atttypid IN (SELECT oid FROM kin) AND c.relkind IN ('r', 'p', 'm')
  AND NOT a.attisdropped AND a.attnum > 0
GROUP BY a.attrelid ORDER BY a.attrelid
"""
RELATIONS_OF_SCHEMA = """
SELECT c.oid::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') ORDER BY c.oid
"""
TYPES_OF_SCHEMA = """
SELECT t.typname::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE n.nspname = %s AND (t.typtype IN ('d', 'e') OR c.relkind = 'c') ORDER BY t.typname
"""
TABLES_OF_FUNCTION = """
SELECT DISTINCT t.tgrelid::bigint FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.proname = %s AND (%s = '' OR n.nspname = %s) AND NOT t.tgisinternal
"""
STATISTICS_TABLE = """
SELECT s.stxrelid::bigint FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE s.stxname = %s AND CASE WHEN %s = '' THEN pg_statistics_obj_is_visible(s.oid)
                              ELSE n.nspname = %s END
"""
