"""What PostgreSQL itself says of a table's rules: its catalogue, not modeler's reading of it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from modeler.mongo.documents.sql import qualified, quoted
from modeler.schema.table import Table

CHECKS = """
SELECT conname, pg_get_expr(conbin, conrelid),
       ARRAY(SELECT attname::text FROM pg_attribute
             WHERE attrelid = conrelid AND attnum = ANY (conkey) ORDER BY attnum)
FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'c' AND conkey IS NOT NULL ORDER BY conname
"""
# The columns that expressions and predicates name are those that the index depends on.
UNIQUES = """
SELECT c.relname, coalesce(pg_get_expr(i.indpred, i.indrelid), ''), i.indnullsnotdistinct,
       i.indexprs IS NOT NULL,
       ARRAY(SELECT a.attname::text FROM pg_attribute a
             WHERE a.attrelid = i.indrelid AND a.attnum > 0 AND NOT a.attisdropped
               AND (a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
                    OR EXISTS (SELECT FROM pg_depend d
                               WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                                 AND d.refclassid = 'pg_class'::regclass
                                 AND d.refobjid = i.indrelid AND d.refobjsubid = a.attnum))
             ORDER BY a.attnum)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass AND i.indisunique ORDER BY c.relname
"""
# The types of columns down to the bottom: through domains, and from an array to its elements.
BELOW = """
WITH RECURSIVE below AS (
    SELECT a.attnum AS number, a.attname AS name, a.atttypid AS type, a.atttypmod AS modifier,
           0 AS depth, false AS of_elements
    FROM pg_attribute a
    WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT b.number, b.name, CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.typelem END,
           CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE b.modifier END,
           b.depth + 1, b.of_elements OR t.typtype <> 'd'
    FROM below b JOIN pg_type t ON t.oid = b.type
    WHERE t.typtype = 'd' OR (t.typcategory = 'A' AND t.typelem > 0)
), bottom AS (
    SELECT DISTINCT ON (number) number, format_type(type, modifier)
           || CASE WHEN of_elements THEN '[]' ELSE '' END AS type,
           format_type(type, NULL) AS plain, of_elements, t.typtype
    FROM below JOIN pg_type t ON t.oid = type ORDER BY number, depth DESC
)
"""
COLUMNS = f"""{BELOW}
SELECT a.attname, format_type(a.atttypid, a.atttypmod),
       a.attnotnull OR (SELECT bool_or(t.typnotnull) FROM below b JOIN pg_type t ON t.oid = b.type
                        WHERE b.number = a.attnum AND NOT b.of_elements),
       bottom.type,
       EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'f'
               AND a.attnum = ANY (k.conkey))
FROM pg_attribute a JOIN bottom ON bottom.number = a.attnum
WHERE a.attrelid = %s::regclass ORDER BY a.attnum
"""
# The checks of all domains below a column; of those of elements NOT NULL is one too.
DOMAIN_CHECKS = f"""{BELOW}
SELECT k.conname, pg_get_expr(k.conbin, 0), b.name, b.of_elements, b.depth
FROM below b JOIN pg_constraint k ON k.contypid = b.type AND k.contype = 'c'
UNION ALL
SELECT t.typname || '_not_null', 'VALUE IS NOT NULL', b.name, true, b.depth
FROM below b JOIN pg_type t ON t.oid = b.type AND t.typnotnull WHERE b.of_elements
ORDER BY 3, 5, 1
"""
# What a type's own input refuses breaks no constraint.
LABELS = f"""{BELOW}
SELECT t.typname, b.name FROM below b JOIN pg_type t ON t.oid = b.type AND t.typtype = 'e'
WHERE b.of_elements ORDER BY 2
"""
NAMES = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass"
VALUE = re.compile(r"'(?:[^']|'')*'|\bVALUE\b")


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its name, what it demands as SQL, and the columns that it names."""

    name: str
    sql: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UniqueKey:
    """A unique index or key.

    Attributes:
        name: of the index.
        condition: of a partial one, as SQL; ``""`` otherwise.
        nulls_equal: NULLS NOT DISTINCT.
        computed: some of it are expressions.
        columns: of the key, of its expressions and of its condition.
    """

    name: str
    condition: str
    nulls_equal: bool
    computed: bool
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CatalogColumn:
    """A column: its type as PostgreSQL reads it, and the one below a domain."""

    name: str
    kind: str
    not_null: bool
    base: str
    refers: bool


@dataclass(frozen=True, slots=True)
class Constraints:
    """The rules of one table.

    Attributes:
        place: its name in SQL.
        columns: by name.
        checks: of the table, and of the domains of its columns.
        uniques: its unique keys.
        labels: names of what a collection says of enum types within arrays.
    """

    place: str
    columns: dict[str, CatalogColumn]
    checks: tuple[Check, ...]
    uniques: tuple[UniqueKey, ...]
    labels: tuple[str, ...] = ()


def read_constraints(cursor: Any, table: Table) -> Constraints:
    """Return the rules of a table that is in the database."""
    place = qualified(table.location)
    name = place.replace("%%", "%")

    def rows(sql: str) -> list[tuple[Any, ...]]:
        cursor.execute(sql, [name] * sql.count("%s"))
        return list(cursor.fetchall())

    # A rule of a domain has the column's name before it where another has its own.
    found = rows(DOMAIN_CHECKS)
    labels = rows(LABELS)
    taken = Counter([*(one for (one,) in rows(NAMES)), *(one[0] for one in (*found, *labels))])

    def named(rule: str, column: str) -> str:
        return f"{column}_{rule}" if taken[rule] > 1 else rule

    checks = [Check(one, sql, tuple(columns)) for one, sql, columns in rows(CHECKS)]
    checks += [
        Check(named(rule, column), _of_column(sql, column, of_elements), (column,))
        for rule, sql, column, of_elements, _ in found
    ]
    return Constraints(
        place,
        {row[0]: CatalogColumn(*row) for row in rows(COLUMNS)},
        tuple(checks),
        tuple(
            UniqueKey(index, condition, nulls, computed, tuple(columns))
            for index, condition, nulls, computed, columns in rows(UNIQUES)
        ),
        tuple(named(one, column) for one, column in labels),
    )


def _of_column(sql: str, column: str, of_elements: bool) -> str:
    """Return what a domain's check demands of a column, or of each element of one."""
    value = "u.value" if of_elements else quoted(column).replace("%%", "%")
    told = VALUE.sub(lambda found: value if found[0] == "VALUE" else found[0], sql)
    if not of_elements:
        return told
    array = quoted(column).replace("%%", "%")
    return f"(SELECT bool_and(({told}) IS NOT FALSE) FROM unnest({array}) AS u(value))"
