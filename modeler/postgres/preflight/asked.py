"""What a probe is given: a cursor that cannot wait or write, and the tables it is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.postgres.catalogs import Row, rows
from modeler.schema.sql_text import quoted_name

from .intent import Intent
from .obstacle import Obstacle

# Raw columns: no function here waits behind an access exclusive lock.
TARGETS = """
SELECT w.relation, c.oid::bigint AS oid, n.oid::bigint AS schema_oid, n.nspname::text AS schema,
       c.reltoastrelid::bigint AS toast, c.reltablespace::bigint AS space,
       c.relkind::text AS kind, c.reltuples::float8 AS tuples,
       age(c.relfrozenxid) AS frozen_age,
       pg_has_role(c.relowner, 'USAGE') AS owned, pg_get_userbyid(c.relowner)::text AS owner,
       has_schema_privilege(n.oid, 'CREATE') AS may_create,
       (c.relpages
        + coalesce((SELECT t.relpages FROM pg_class t WHERE t.oid = c.reltoastrelid), 0)
        + coalesce((SELECT sum(x.relpages) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                    WHERE i.indrelid IN (c.oid, c.reltoastrelid)), 0)
       )::float8 * current_setting('block_size')::int AS bytes
FROM unnest(%s::text[], %s::text[], %s::text[]) AS w(relation, schema, name)
JOIN pg_namespace n ON n.nspname = coalesce(nullif(w.schema, ''), current_schema())
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
WHERE c.relkind IN ('r', 'p', 'm', 'f', 'v')
ORDER BY w.relation
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A table that is there, and what will happen to it.

    Attributes:
        row: of TARGETS.
    """

    intent: Intent
    row: Row

    @property
    def relation(self) -> str:
        return self.intent.relation

    @property
    def oid(self) -> int:
        return self.row["oid"]

    def beside(self, name: str) -> str:
        """Return the SQL name of an index or another relation in the table's schema."""
        schema = self.intent.schema
        return f"{quoted_name(schema)}.{quoted_name(name)}" if schema else quoted_name(name)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a probe may use.

    Attributes:
        cursor: in a read-only transaction with short timeouts, of this probe alone.
        connection: the cursor's.
        targets: those of the intents that are there.
        version: ``server_version_num``.
        older_than: seconds; a younger transaction will have ended.
    """

    cursor: Any
    connection: BaseDatabaseWrapper
    targets: tuple[Target, ...]
    version: int
    older_than: float

    @property
    def oids(self) -> list[int]:
        return [target.oid for target in self.targets]

    def target(self, oid: int) -> Target:
        """Raises: KeyError: it is none of them."""
        return {target.oid: target for target in self.targets}[oid]

    def rows(self, sql: str, parameters: Sequence[Any] | None = None) -> list[Row]:
        return rows(self.cursor, sql, parameters)


@dataclass(frozen=True, slots=True)
class Probe:
    """One question to the server.

    Attributes:
        title: what it looks for, to be named when it fails.
        read: asks and answers.
        needs_targets: without a table it has nothing to ask.
    """

    title: str
    read: Callable[[Asked], Iterable[Obstacle]]
    needs_targets: bool = True


def targets_of(cursor: Any, intents: Sequence[Intent]) -> tuple[Target, ...]:
    """Return those tables that are on the server; a pending statement may make the others."""
    by_relation = {intent.relation: intent for intent in intents}
    found = rows(
        cursor,
        TARGETS,
        [
            list(by_relation),
            [intent.schema for intent in by_relation.values()],
            [intent.name for intent in by_relation.values()],
        ],
    )
    return tuple(Target(by_relation[row["relation"]], row) for row in found)
