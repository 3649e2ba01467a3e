"""The catalog of a database, read where and when a rule asks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.previews.effects import catalog_queries as queries
from modeler.previews.effects.catalog import Relation, Session, Type
from modeler.previews.effects.catalog_rows import KINDS, Known, relation_of
from modeler.previews.effects.effect import RelationKind
from modeler.previews.effects.live_types import LiveTypes
from modeler.previews.relation_names import relation_name
from modeler.previews.sql.definitions import Name


class LiveCatalog:
    """Facts as the session of a Django connection to PostgreSQL sees them, uncommitted ones too.

    It takes no lock but access share on the catalogs themselves, runs nothing that fails for a
    name that is not there, and goes past execute wrappers. What was read is kept until
    ``forget`` is called, which whoever executes statements does after each of them.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.types = LiveTypes(self.rows)
        self._session: Session | None = None
        self._is_prepared = False
        self._relations: dict[str, Relation | None] = {}
        self._names: dict[int, tuple[str, str, str, int]] = {}
        self._methods: dict[int, str] = {}

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple]:
        """Run a query beside the wrappers of the connection."""
        self.connection.ensure_connection()
        with self.connection.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def forget(self) -> None:
        """Forget what a statement may have changed."""
        self._session = None
        self._relations.clear()
        self._names.clear()
        self.types.forget()

    @property
    def session(self) -> Session:
        if self._session is None:
            ((version, zone, schema, self._is_prepared),) = self.rows(queries.SESSION)
            self._session = Session(version // 10000, zone, schema)
        return self._session

    def display(self, name: Name) -> str:
        schema = "" if name.schema == self.session.current_schema else name.schema
        return relation_name(schema, name.name)

    def relation(self, name: Name | str) -> Relation | None:
        key = name if isinstance(name, str) else self.display(name)
        if key not in self._relations:
            self._relations[key] = self._read(key)
        return self._relations[key]

    def type(self, text: str) -> Type | None:
        return self.types.of_text(text)

    def cast(self, source: Type, target: Type) -> str:
        return self.types.cast(source, target)

    def volatility(self, function: str) -> str:
        found = {row[0] for row in self.rows(queries.VOLATILITY, [function])}
        for letter, word in (("v", "volatile"), ("s", "stable"), ("i", "immutable")):
            if letter in found:
                return word
        return ""

    def tables_of_type(self, name: Name) -> tuple[tuple[str, tuple[str, ...]], ...]:
        found = self.rows(queries.TABLES_OF_TYPE, [name.name, name.schema, name.schema])
        return tuple((self._named([oid])[0], tuple(columns)) for oid, columns in found)

    def relations_of_schema(self, schema: str) -> tuple[str, ...]:
        return self._named(oid for (oid,) in self.rows(queries.RELATIONS_OF_SCHEMA, [schema]))

    def types_of_schema(self, schema: str) -> tuple[Name, ...]:
        return tuple(
            Name(name, schema) for (name,) in self.rows(queries.TYPES_OF_SCHEMA, [schema])
        )

    def tables_of_trigger_function(self, name: Name) -> tuple[str, ...]:
        found = self.rows(queries.TABLES_OF_FUNCTION, [name.name, name.schema, name.schema])
        return self._named(oid for (oid,) in found)

    def statistics_table(self, name: Name) -> str:
        found = self.rows(queries.STATISTICS_TABLE, [name.name, name.schema, name.schema])
        return self._named([found[0][0]])[0] if found else ""

    def _named(self, oids: Iterable[int]) -> tuple[str, ...]:
        wanted = list(oids)
        self._learn(wanted)
        return tuple(self._name(oid) for oid in wanted)

    def _learn(self, oids: Iterable[int]) -> None:
        missing = sorted({oid for oid in oids if oid and oid not in self._names})
        if missing:
            for oid, schema, name, kind, method in self.rows(queries.NAMES, [missing]):
                self._names[oid] = (schema, name, kind, method)

    def _name(self, oid: int) -> str:
        if oid not in self._names:
            return ""
        schema, name, _, _ = self._names[oid]
        return self.display(Name(name, schema))

    def _read(self, key: str) -> Relation | None:
        found = self._row(key)
        if not found or found[0][3] not in KINDS:
            return None
        row = [
            json.loads(value) if isinstance(value, str) and value[:1] == "[" else value
            for value in found[0]
        ]
        known = Known.of(row)
        self._learn(known.relations)
        self._join(known, "pg_rewrite", queries.REWRITES)
        self._join(known, "pg_policy", queries.POLICIES)
        self._join(known, "pg_attrdef", queries.DEFAULTS)
        self._join(known, "pg_statistic_ext", queries.STATISTICS)
        self._learn(part[1] for part in known.joined.get("pg_rewrite", {}).values())
        self._learn(part[1] for part in known.joined.get("pg_attrdef", {}).values())
        partitioned = [i for i in known.indexes if self._names[i][2] in "iI"]
        if row[5] and partitioned:
            known.index_parents = dict(self.rows(queries.INDEX_PARENTS, [partitioned]))
            self._learn(known.index_parents.values())
        self.types.learn(known.types, known.collations)
        if not self._methods:
            self._methods = dict(self.rows(queries.METHODS))
        known.name = self._name
        known.kind = lambda oid: KINDS.get(self._names[oid][2], RelationKind.FOREIGN_TABLE)
        known.method = lambda oid: self._methods.get(self._names[oid][3], "")
        return relation_of(row, known, self.types, self._methods)

    def _row(self, key: str) -> list[tuple]:
        """Run the query of a relation as a prepared statement: planning it takes the longest.

        Whether it is still there is asked after each statement, which may have reset the session.
        """
        major = self.session.major
        if not self._is_prepared:
            self._prepare(major)
        quoted = key.replace("'", "''")
        with self.connection.connection.cursor() as cursor:
            cursor.execute(f"EXECUTE {queries.PREPARED}('{quoted}')")
            return cursor.fetchall()

    def _prepare(self, major: int) -> None:
        self._is_prepared = True
        query = queries.relation(major).replace("%s", "$1")
        with self.connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {queries.PREPARED}(text) AS {query}")

    def _join(self, known: Known, catalog: str, sql: str) -> None:
        wanted = sorted(known.dependents(catalog))
        if wanted:
            known.joined[catalog] = {part[0]: part for part in self.rows(sql, [wanted])}
