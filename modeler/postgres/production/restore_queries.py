"""The statements that write statistics: functions since PostgreSQL 18, catalogs before.

Relations and columns come as one JSON array, so that a database of any size takes a handful of
statements. Source: PostgreSQL manual, 9.28.9 and 53.51 (pg_statistic), and for the slots' kinds
the comments in the server's ``pg_statistic.h``.
"""

from __future__ import annotations

ABOUT = """
SELECT current_setting('server_version_num')::int, current_schema()::text,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
"""
_RELATION = """
FROM jsonb_to_recordset(%(rows)s::jsonb)
     AS v(schema text, name text, pages int, tuples float8, visible int)
JOIN pg_namespace n ON n.nspname = v.schema
"""
RELATIONS_18 = f"""
SELECT c.relkind::text AS kind, n.nspname::text AS schema, c.relname::text AS name,
       pg_restore_relation_stats(
           'schemaname', v.schema, 'relname', v.name, 'version', %(version)s::int,
           'relpages', v.pages, 'reltuples', v.tuples::real, 'relallvisible', v.visible
       ) AS done
{_RELATION} JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = v.name
"""
RELATIONS = f"""
UPDATE pg_class c SET relpages = v.pages, reltuples = v.tuples, relallvisible = v.visible
{_RELATION} WHERE c.relnamespace = n.oid AND c.relname = v.name
RETURNING c.relkind::text AS kind, n.nspname::text AS schema, c.relname::text AS name, true AS done
"""
_COLUMN = """
FROM jsonb_to_recordset(%(rows)s::jsonb)
     AS v(schema text, relation text, name text, position int, inherited bool, nulls float8,
          width int, "distinct" float8, correlation float8,
          most_common text, most_common_frequencies float8[], histogram text, elements text,
          element_frequencies float8[], element_counts float8[])
JOIN pg_namespace n ON n.nspname = v.schema
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = v.relation
-- The same column may be another number here; an index's expression has no other name.
JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
 AND CASE WHEN c.relkind IN ('i', 'I') THEN a.attnum = v.position ELSE a.attname = v.name END
"""
# A function that is given both looks at the number; the name would do for tables.
COLUMNS_18 = f"""
SELECT v.schema, v.relation, v.name, pg_restore_attribute_stats(
           'schemaname', v.schema, 'relname', v.relation, 'attnum', a.attnum,
           'inherited', v.inherited, 'version', %(version)s::int,
           'null_frac', v.nulls::real, 'avg_width', v.width, 'n_distinct', v."distinct"::real,
           'correlation', v.correlation::real,
           'most_common_vals', v.most_common,
           'most_common_freqs', v.most_common_frequencies::real[],
           'histogram_bounds', v.histogram,
           'most_common_elems', v.elements,
           'most_common_elem_freqs', v.element_frequencies::real[],
           'elem_count_histogram', v.element_counts::real[]
       ) AS done
{_COLUMN}
"""
# The operators that ANALYZE would store: of the type's own default order, or of the type that it
# is read as (varchar as text, an enum as any enum).
_OPERATORS = """
CROSS JOIN LATERAL (
    SELECT coalesce(nullif(t.typbasetype, 0), t.oid) AS oid,
           coalesce(nullif(b.typelem, 0), 'text'::regtype::oid) AS element,
           b.typtype, b.typcategory
    FROM pg_type t JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
    WHERE t.oid = a.atttypid
) t
LEFT JOIN LATERAL (
    SELECT less.amopopr AS less, same.amopopr AS same
    FROM pg_opclass o
    JOIN pg_amop less ON less.amopfamily = o.opcfamily AND less.amopstrategy = 1
     AND less.amoplefttype = o.opcintype AND less.amoprighttype = o.opcintype
    JOIN pg_amop same ON same.amopfamily = o.opcfamily AND same.amopstrategy = 3
     AND same.amoplefttype = o.opcintype AND same.amoprighttype = o.opcintype
    WHERE o.opcmethod = (SELECT oid FROM pg_am WHERE amname = 'btree') AND o.opcdefault
      AND (o.opcintype = t.oid
           OR o.opcintype IN (SELECT casttarget FROM pg_cast WHERE castsource = t.oid
                              AND castmethod = 'b' AND castcontext = 'i')
           OR o.opcintype = CASE WHEN t.typtype = 'e' THEN 'anyenum'::regtype
                                 WHEN t.typtype = 'r' THEN 'anyrange'::regtype
                                 WHEN t.typcategory = 'A' THEN 'anyarray'::regtype END)
    ORDER BY o.opcintype = t.oid DESC, o.opcintype
    LIMIT 1
) o ON true
"""
FORGET = f"""
DELETE FROM pg_statistic s USING (SELECT c.oid, a.attnum, v.inherited {_COLUMN}) AS k
WHERE s.starelid = k.oid AND s.staattnum = k.attnum AND s.stainherit = k.inherited
"""
# The kinds: 1 most common values, 2 histogram, 3 correlation, 4 and 5 of arrays' elements. The
# planner looks for a kind in any slot.
COLUMNS = f"""
INSERT INTO pg_statistic (
    starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct,
    stakind1, stakind2, stakind3, stakind4, stakind5, staop1, staop2, staop3, staop4, staop5,
    stacoll1, stacoll2, stacoll3, stacoll4, stacoll5, stanumbers1
)
SELECT c.oid, a.attnum, v.inherited, v.nulls, v.width, v."distinct",
       CASE WHEN o.less IS NOT NULL AND v.correlation IS NOT NULL THEN 3 ELSE 0 END, 0, 0, 0, 0,
       CASE WHEN v.correlation IS NOT NULL THEN coalesce(o.less, 0) ELSE 0 END, 0, 0, 0, 0,
       CASE WHEN v.correlation IS NOT NULL THEN a.attcollation ELSE 0 END, 0, 0, 0, 0,
       CASE WHEN o.less IS NOT NULL AND v.correlation IS NOT NULL
            THEN ARRAY[v.correlation::real] END
{_COLUMN} {_OPERATORS}
RETURNING (SELECT nspname::text FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
           WHERE c.oid = starelid) AS schema,
          starelid::regclass::text AS relation, staattnum::text AS name, true AS done
"""
VALUES = f"""
UPDATE pg_statistic s
SET stakind2 = CASE WHEN k.most_common IS NULL THEN 0 ELSE 1 END,
    staop2 = CASE WHEN k.most_common IS NULL THEN 0 ELSE coalesce(k.same, 0) END,
    stacoll2 = CASE WHEN k.most_common IS NULL THEN 0 ELSE k.attcollation END,
    stanumbers2 = k.most_common_frequencies::real[],
    stavalues2 = array_in(k.most_common::cstring, k.type, -1),
    stakind3 = CASE WHEN k.histogram IS NULL THEN 0 ELSE 2 END,
    staop3 = CASE WHEN k.histogram IS NULL THEN 0 ELSE coalesce(k.less, 0) END,
    stacoll3 = CASE WHEN k.histogram IS NULL THEN 0 ELSE k.attcollation END,
    stavalues3 = array_in(k.histogram::cstring, k.type, -1),
    stakind4 = CASE WHEN k.elements IS NULL THEN 0 ELSE 4 END,
    stacoll4 = CASE WHEN k.elements IS NULL THEN 0 ELSE k.attcollation END,
    stanumbers4 = k.element_frequencies::real[],
    stavalues4 = array_in(k.elements::cstring, k.element, -1),
    stakind5 = CASE WHEN k.element_counts IS NULL THEN 0 ELSE 5 END,
    stanumbers5 = k.element_counts::real[]
FROM (SELECT c.oid, a.attnum, a.attcollation, t.oid AS type, t.element, o.less, o.same,
             v.inherited, v.most_common, v.most_common_frequencies, v.histogram, v.elements,
             v.element_frequencies, v.element_counts
      {_COLUMN} {_OPERATORS}) AS k
WHERE s.starelid = k.oid AND s.staattnum = k.attnum AND s.stainherit = k.inherited
"""
