"""Relations of the shadow as the migrating transaction sees them, by their numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from modeler.previews.effects.effect import RelationKind
from modeler.previews.relation_names import relation_name
from modeler.previews.trace.trace import RowCounts
from modeler.schema.sql_text import quoted_name

Rows = Callable[..., list[tuple]]

KINDS = {
    "r": RelationKind.TABLE,
    "p": RelationKind.PARTITIONED_TABLE,
    "i": RelationKind.INDEX,
    "I": RelationKind.PARTITIONED_INDEX,
    "S": RelationKind.SEQUENCE,
    "v": RelationKind.VIEW,
    "m": RelationKind.MATERIALIZED_VIEW,
    "f": RelationKind.FOREIGN_TABLE,
}

RELATIONS = """
SELECT c.oid::bigint, c.relname::text, n.nspname::text, c.relkind::text,
       c.relfilenode::bigint, c.reltablespace::bigint, i.indrelid::bigint, {counters}
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'i', 'I', 'S', 'v', 'm', 'f') AND {which}
"""
NO_COUNTERS = "0, 0, 0, 0, 0"
# What the view pg_stat_xact_user_tables adds up, for the relations asked for alone.
COUNTERS = """pg_stat_get_xact_tuples_returned(c.oid),
       pg_stat_get_xact_tuples_fetched(c.oid) + coalesce((
           SELECT sum(pg_stat_get_xact_tuples_fetched(x.indexrelid))::bigint
           FROM pg_index x WHERE x.indrelid = c.oid), 0),
       pg_stat_get_xact_tuples_inserted(c.oid), pg_stat_get_xact_tuples_updated(c.oid),
       pg_stat_get_xact_tuples_deleted(c.oid)"""
OF_PROJECT = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"


@dataclass(frozen=True, slots=True)
class Relation:
    """One row of ``pg_class``, with what this transaction counted.

    Attributes:
        table: number of an index's table.
        node: number of its file; another one after a rewrite.
        counted: rows read, fetched, inserted, updated, deleted in this transaction.
    """

    oid: int
    name: str
    schema: str
    kind: RelationKind
    node: int
    tablespace: int
    table: int | None
    counted: tuple[int, int, int, int, int]


class Relations:
    """The relations, read whole once a migration and in part after each statement.

    Args:
        rows: runs SQL on the migrating connection, past Django, and returns the rows.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.by_oid: dict[int, Relation] = {}
        self.current_schema = "public"

    def read_all(self) -> None:
        """Read every relation of the project; counters are left at zero."""
        ((schema,),) = self._rows("SELECT coalesce(current_schema()::text, 'public')")
        self.current_schema = schema
        query = RELATIONS.format(counters=NO_COUNTERS, which=OF_PROJECT)
        self.by_oid = {found.oid: found for found in map(_relation, self._rows(query))}

    def counted(self) -> dict[int, tuple[int, ...]]:
        """Return the counters of every table as they stand.

        They need not be zero: the server keeps those of earlier transactions for a while.
        """
        query = RELATIONS.format(
            counters=COUNTERS, which=f"c.relkind IN ('r', 'p', 'm') AND {OF_PROJECT}"
        )
        return {found.oid: found.counted for found in map(_relation, self._rows(query))}

    def read(self, oids: Collection[int]) -> dict[int, Relation]:
        """Return these relations as they are now; those that are gone are missing."""
        if not oids:
            return {}
        query = RELATIONS.format(counters=COUNTERS, which="c.oid = ANY(%s::oid[])")
        found = map(_relation, self._rows(query, [list(oids)]))
        return {relation.oid: relation for relation in found}

    def count(self, relation: Relation) -> int:
        """Return how many rows a table has now; it is read by the migrating session itself."""
        name = f"{quoted_name(relation.schema)}.{quoted_name(relation.name)}"
        ((count,),) = self._rows(f"SELECT count(*) FROM {name}")
        return count

    def name(self, relation: Relation) -> str:
        schema = "" if relation.schema == self.current_schema else relation.schema
        return relation_name(schema, relation.name)


def rows_between(name: str, before: tuple[int, ...], after: tuple[int, ...]) -> RowCounts | None:
    """Return what was counted meanwhile, None where nothing was."""
    difference = [late - early for early, late in zip(before, after, strict=True)]
    return RowCounts(name, *difference) if any(difference) else None


def _relation(row: tuple[Any, ...]) -> Relation:
    oid, name, schema, kind, node, tablespace, table, *counted = row
    read, fetched, inserted, updated, deleted = map(int, counted)
    return Relation(
        oid, name, schema, KINDS[kind], node, tablespace, table,
        (read, fetched, inserted, updated, deleted),
    )  # fmt: skip
