"""The tables that hold rows, each once, and the relations by which documents can follow them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from modeler.mongo.spec import WITHOUT_ROWS
from modeler.mongo.table_fields import REFERRING
from modeler.schema.location import Location
from modeler.schema.relation import Relation
from modeler.schema.schema import Schema
from modeler.schema.table import Table


@dataclass(frozen=True, slots=True)
class Stored:
    """A schema as rows lie in it.

    Attributes:
        schema: the whole.
        tables: one a location, by key: of several models the first with columns stands for it.
        relations: of those tables, to one of them, in the order of their owners.
        of: the table of a location.
        leading_to: relations by the key of the table that they lead to.
    """

    schema: Schema
    tables: dict[str, Table]
    relations: tuple[Relation, ...]
    of: dict[Location, Table]
    leading_to: dict[str, tuple[Relation, ...]]

    def parent(self, relation: Relation) -> Table:
        """Return the table that a relation leads to."""
        assert relation.target_location is not None
        return self.of[relation.target_location]

    def child(self, relation: Relation) -> Table:
        """Return the table that declares a relation."""
        return self.tables[relation.owner]

    def models_at(self, table: Table) -> frozenset[str]:
        """Return the keys of all models whose rows are this table's."""
        return frozenset(one.key for one in self.schema.at(table.location))


def stored(schema: Schema) -> Stored:
    """Return what holds rows."""
    of: dict[Location, Table] = {}
    partitions = schema.partitions()
    for table in sorted(schema.tables, key=lambda table: (not table.columns, table.key)):
        # The rows of a partition are those of the table above it.
        if table.location is None or table.kind in WITHOUT_ROWS or table.key in partitions:
            continue
        of.setdefault(table.location, table)
    tables = {table.key: table for table in sorted(of.values(), key=lambda table: table.key)}
    relations = tuple(
        relation
        for table in tables.values()
        for relation in table.relations
        if _joins(table, relation, of)
    )
    leading: defaultdict[str, list[Relation]] = defaultdict(list)
    for relation in relations:
        if relation.target_location is not None:
            leading[of[relation.target_location].key].append(relation)
    return Stored(
        schema, tables, relations, of, {key: tuple(some) for key, some in leading.items()}
    )


def _joins(table: Table, relation: Relation, of: dict[Location, Table]) -> bool:
    """Tell whether the columns of both sides are there, so that rows can be joined."""
    if relation.kind not in REFERRING or relation.target_location not in of:
        return False
    far = {column.name for column in of[relation.target_location].columns}
    near = {column.name for column in table.columns}
    return (
        bool(relation.columns)
        and len(relation.columns) == len(relation.target_columns)
        and near.issuperset(relation.columns)
        and far.issuperset(relation.target_columns)
    )
