"""Tables of a clone that stand in for live ones: filled to be as wide, with everything they have.

The statement to measure meets the tables themselves with their keys, triggers and indexes. Checks
are set aside while rows are made, since no rule of them is known to the values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.db import DatabaseError

from modeler.errors import ServerError
from modeler.postgres.catalogs import Row, rows
from modeler.postgres.production.figures import TableFigures
from modeler.postgres.shadow import quoted

from .values import COLUMNS, insert_sql, shapes_of

FACTS = """
SELECT c.oid::bigint AS oid, c.relkind::text AS kind, p.partstrat::text AS strategy,
       coalesce(p.partdefid, 0) <> 0 AS has_default
FROM pg_class c LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid
WHERE c.oid = %s::regclass
"""
LEAVES = "SELECT relid::regclass::text AS name FROM pg_partition_tree(%s::regclass) WHERE isleaf"
CHECKS = """
SELECT conname::text AS name, pg_get_constraintdef(oid) AS definition,
       pg_get_expr(conbin, conrelid) AS condition
FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'c' AND coninhcount = 0
ORDER BY conname
"""
# Keys are not checked row by row, and triggers write nothing elsewhere.
QUIETLY = "SET session_replication_role = replica"
AS_USUAL = "RESET session_replication_role"
REST = "modeler_rest"


class StandIn:
    """Some tables of a clone, filled by number of rows.

    Args:
        tables: as SQL names them; partitioned ones as a whole.
        figures: of live tables by the same names; without them usual widths are taken.
        shares: how many rows each table gets for one of the largest; 1 without.
        references: the table that a column refers to, by table and column.
    """

    def __init__(
        self,
        tables: Sequence[str],
        figures: Mapping[str, TableFigures],
        shares: Mapping[str, float] | None = None,
        references: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        self.tables, self.figures, self.shares = tuple(tables), figures, shares or {}
        self.references = references or {}
        self._checks: dict[str, list[Row]] = {}
        self._rests: list[str] = []

    def prepare(self, cursor: Any) -> tuple[str, ...]:
        """Make the tables take any row; return those that hold the rows, partitions one by one.

        Raises:
            ServerError: a table is no table, or cannot be prepared.
        """
        found: list[str] = []
        try:
            for table in self.tables:
                (facts,) = rows(cursor, FACTS, [table])
                if facts["kind"] not in {"r", "p"}:
                    raise ServerError(f"{table} is no table whose rows can be made.")
                if facts["strategy"] in {"l", "r"} and not facts["has_default"]:
                    rest = f"{REST}_{facts['oid']}"
                    cursor.execute(f"CREATE TABLE {rest} PARTITION OF {table} DEFAULT")
                    self._rests.append(rest)
                self._checks[table] = rows(cursor, CHECKS, [table])
                for check in self._checks[table]:
                    cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {quoted(check['name'])}")
                found += [row["name"] for row in rows(cursor, LEAVES, [table])] or [table]
        except DatabaseError as error:
            raise ServerError(f"The tables cannot be filled: {_one_line(error)}") from error
        return tuple(found)

    @property
    def checks(self) -> dict[str, str]:
        """Conditions of the tables' checks by name."""
        return {
            check["name"]: check["condition"] for own in self._checks.values() for check in own
        }

    def fill(self, cursor: Any, count: int) -> None:
        """Put ``count`` rows into the largest table, and into others their share.

        Raises:
            ServerError: a column's type has no values here, or a rule of the table refuses them.
        """
        try:
            _quietly(cursor)
            cursor.execute(f"TRUNCATE {', '.join(self.tables)} CASCADE")
            for table in self.tables:
                columns = rows(cursor, COLUMNS, [table])
                shapes = shapes_of(self.figures.get(table))
                among = {
                    column["name"]: self._count(target, count)
                    for column in columns
                    if (target := self.references.get((table, column["name"])))
                }
                cursor.execute(
                    insert_sql(table, columns, shapes, self._count(table, count), among)
                )
            _as_usual(cursor)
        except DatabaseError as error:
            raise ServerError(f"The tables cannot be filled: {_one_line(error)}") from error

    def leave(self, cursor: Any) -> None:
        """Take the rows away, and give the tables back what ``prepare`` took.

        Raises:
            ServerError: that failed.
        """
        try:
            _quietly(cursor)
            cursor.execute(f"TRUNCATE {', '.join(self.tables)} CASCADE")
            _as_usual(cursor)
            for rest in self._rests:
                cursor.execute(f"DROP TABLE {rest}")
            for table, checks in self._checks.items():
                for check in checks:
                    name = quoted(check["name"])
                    cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
                    cursor.execute(
                        f"ALTER TABLE {table} ADD CONSTRAINT {name} {check['definition']}"
                    )
        except DatabaseError as error:
            raise ServerError(f"The tables cannot be emptied: {_one_line(error)}") from error

    def _count(self, table: str, count: int) -> int:
        return max(round(count * self.shares.get(table, 1.0)), 1)


def _quietly(cursor: Any) -> None:
    # A role that may not lets the triggers run: slower, and the rows are as good.
    with suppress(DatabaseError):
        cursor.execute(QUIETLY)


def _as_usual(cursor: Any) -> None:
    with suppress(DatabaseError):
        cursor.execute(AS_USUAL)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
