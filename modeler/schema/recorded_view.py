"""A schema as migrations record it, so that a state and the models compare."""

from __future__ import annotations

from dataclasses import replace

from modeler.schema.column import Column
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import Table

GENERIC = {RelationKind.GENERIC, RelationKind.GENERIC_REVERSE}


def recorded_view(schema: Schema) -> Schema:
    """Return the schema without what no migration writes down (see ``states.NOT_IN_STATES``)."""
    return replace(schema, tables=tuple(_table(table) for table in schema.tables))


def _table(table: Table) -> Table:
    relations = tuple(
        _relation(relation) for relation in table.relations if relation.kind not in GENERIC
    )
    columns = table.columns
    if not table.managed:
        # The autodetector records no relations of unmanaged models, so no columns of theirs.
        theirs = {name for relation in relations for name in relation.columns}
        relations, columns = (), tuple(c for c in columns if c.name not in theirs)
    return replace(
        table,
        columns=tuple(_column(column) for column in columns),
        relations=relations,
        documentation="",
        abstract_bases=(),
        history_of="",
        admin=(),
    )


def _column(column: Column) -> Column:
    # A marker on the class is not in the state; the name and type judge alike on both sides.
    return replace(column, sensitive=False)


def _relation(relation: Relation) -> Relation:
    if relation.kind is RelationKind.MANY_TO_MANY and relation.owner == relation.target:
        # Whether it is symmetrical, and the reverse names that follow from that, are lost.
        return replace(relation, symmetrical=False, accessor="", query_name="")
    return relation
