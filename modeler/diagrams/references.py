"""Who refers to whom: relations found from the far side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from modeler.schema.location import Location
from modeler.schema.relation import Relation
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind


@dataclass(frozen=True, slots=True)
class References:
    """A schema's relations by their target; made once, asked for many tables.

    Attributes:
        tables: by key.
        incoming: key of a table with rows → relations that lead to it or to a proxy of it,
            ordered by owner and field.
        declared: key as declared, maybe a proxy → relations that name it.
        at: location → keys of the tables (models) whose rows lie there; proxies are not among
            them.
    """

    tables: Mapping[str, Table]
    incoming: Mapping[str, tuple[Relation, ...]]
    declared: Mapping[str, tuple[Relation, ...]]
    at: Mapping[Location, tuple[str, ...]]

    def concrete(self, key: str) -> str:
        """Return the key of the table that has the rows: a proxy's model, else itself."""
        return _concrete(self.tables, key)

    def ancestors(self, key: str) -> tuple[str, ...]:
        """Return keys of the multi-table parents, the nearest first."""
        found: dict[str, None] = {}
        queue = [key]
        while queue:
            table = self.tables.get(queue.pop(0))
            if table is None or table.kind is TableKind.PROXY:
                continue
            for base in table.bases:
                base = self.concrete(base)
                if base not in found and base != key:
                    found[base] = None
                    queue.append(base)
        return tuple(found)


def references_of(schema: Schema) -> References:
    """Return the relations of a schema by their target."""
    tables = {table.key: table for table in schema.tables}
    incoming: defaultdict[str, list[Relation]] = defaultdict(list)
    declared: defaultdict[str, list[Relation]] = defaultdict(list)
    at: defaultdict[Location, list[str]] = defaultdict(list)
    for table in schema.tables:
        if table.location is not None and table.kind is not TableKind.PROXY:
            at[table.location].append(table.key)
        for relation in table.relations:
            if relation.target in tables:
                incoming[_concrete(tables, relation.target)].append(relation)
                declared[relation.target].append(relation)
    return References(
        tables,
        {key: tuple(found) for key, found in incoming.items()},
        {key: tuple(found) for key, found in declared.items()},
        {location: tuple(keys) for location, keys in at.items()},
    )


def _concrete(tables: Mapping[str, Table], key: str) -> str:
    seen = set()
    while (
        (table := tables.get(key)) is not None
        and table.kind is TableKind.PROXY
        and table.bases
        and key not in seen
    ):
        seen.add(key)
        key = table.bases[0]
    return key
