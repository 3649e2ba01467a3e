"""What PostgreSQL itself says of a table's rules: its catalogue, not modeler's reading of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modeler.mongo.documents.sql import qualified
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
COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull OR t.typnotnull,
       format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid),
                   CASE WHEN t.typbasetype > 0 THEN t.typtypmod ELSE a.atttypmod END),
       EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'f'
               AND a.attnum = ANY (k.conkey))
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


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
        columns: of the key, of its expressions and of its condition.
    """

    name: str
    condition: str
    nulls_equal: bool
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
    """The rules of one table."""

    place: str
    columns: dict[str, CatalogColumn]
    checks: tuple[Check, ...]
    uniques: tuple[UniqueKey, ...]


def read_constraints(cursor: Any, table: Table) -> Constraints:
    """Return the rules of a table that is in the database."""
    place = qualified(table.location)
    name = place.replace("%%", "%")

    def rows(sql: str) -> list[tuple[Any, ...]]:
        cursor.execute(sql, [name])
        return list(cursor.fetchall())

    return Constraints(
        place,
        {row[0]: CatalogColumn(*row) for row in rows(COLUMNS)},
        tuple(Check(one, sql, tuple(columns)) for one, sql, columns in rows(CHECKS)),
        tuple(
            UniqueKey(index, condition, nulls, tuple(columns))
            for index, condition, nulls, columns in rows(UNIQUES)
        ),
    )
