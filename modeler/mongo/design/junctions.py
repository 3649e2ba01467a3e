"""Tables that are pairs of references and nothing else."""

from __future__ import annotations

from modeler.mongo.design.keys import is_one
from modeler.mongo.design.moments import is_bookkeeping
from modeler.mongo.design.stored import Stored
from modeler.schema.relation import Relation
from modeler.schema.table import Table, TableKind


def junction_sides(stored: Stored, table: Table) -> tuple[Relation, Relation] | None:
    """Return the two references of a table that is a pair of them and nothing else.

    A key of its own and the time of making tell nothing that a reader of the pair asks for.
    """
    sides = [relation for relation in stored.relations if relation.owner == table.key]
    if len(sides) != 2 or len(table.relations) != 2 or stored.leading_to.get(table.key):
        return None
    if any(len(side.columns) != 1 for side in sides) or sides[0].columns == sides[1].columns:
        return None
    joined = {side.columns[0] for side in sides}
    rest = [c for c in table.columns if c.name not in joined | set(table.primary_key)]
    if not all(is_bookkeeping(column) for column in rest) or any(
        table.column(name).null for name in joined
    ):
        return None
    if any(is_one(table, side) for side in sides):
        return None
    if table.kind is not TableKind.JOIN and not through_field(stored, table):
        return None
    return sides[0], sides[1]


def through_field(stored: Stored, table: Table) -> Relation | None:
    """Return the many-to-many relation that a table joins."""
    models = stored.models_at(table)
    return next(
        (r for t in stored.schema.tables for r in t.relations if r.through in models), None
    )


def declares(stored: Stored, relation: Relation, child: Table) -> bool:
    """Tell whether a junction's relation leads to where the many-to-many field is declared."""
    field = through_field(stored, child)
    if field is None:
        return False
    if field.through_fields:
        return relation.field == field.through_fields[0]
    return field.owner in stored.models_at(stored.parent(relation))
