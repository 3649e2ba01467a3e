"""What a migrated PostgreSQL says of itself, asked by queries that modeler does not share."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  AND a.attnum > 0 AND NOT a.attisdropped
"""
KEYS = """
SELECT con.conrelid::regclass::text, con.contype::text,
  ARRAY(SELECT a.attname::text FROM unnest(con.conkey) WITH ORDINALITY k(num, at)
        JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.num ORDER BY k.at),
  CASE con.confrelid WHEN 0 THEN '' ELSE con.confrelid::regclass::text END,
  ARRAY(SELECT a.attname::text FROM unnest(con.confkey) WITH ORDINALITY k(num, at)
        JOIN pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.num ORDER BY k.at)
FROM pg_constraint con
WHERE con.connamespace = 'public'::regnamespace AND con.contype IN ('p', 'f')
"""

Column = tuple[str, str, str, bool]
PrimaryKey = tuple[str, tuple[str, ...]]
ForeignKey = tuple[str, tuple[str, ...], str, tuple[str, ...]]


@dataclass(frozen=True)
class Truth:
    """Sets to be compared whole.

    Attributes:
        columns: ``(table, column, type, nullable)``.
        primary_keys: ``(table, columns)``.
        foreign_keys: ``(table, columns, target table, target columns)``.
    """

    columns: frozenset[Column]
    primary_keys: frozenset[PrimaryKey]
    foreign_keys: frozenset[ForeignKey]

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(table for table, *_ in self.columns)


def truth_of(database_url: str, *, without: frozenset[str]) -> Truth:
    """Read the catalogs.

    Args:
        database_url: of the migrated database.
        without: tables that no model claims to know.
    """
    with psycopg.connect(database_url) as connection:
        columns = connection.execute(COLUMNS).fetchall()
        keys = connection.execute(KEYS).fetchall()
    plain = [(table.strip('"'), *rest) for table, *rest in keys]
    return Truth(
        frozenset(row for row in columns if row[0] not in without),
        frozenset(
            (t, tuple(cols)) for t, kind, cols, *_ in plain if kind == "p" and t not in without
        ),
        frozenset(
            (t, tuple(cols), target.strip('"'), tuple(target_cols))
            for t, kind, cols, target, target_cols in plain
            if kind == "f"
        ),
    )
