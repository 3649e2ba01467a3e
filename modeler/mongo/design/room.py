"""How large documents are with all that lies in them."""

from __future__ import annotations

from modeler.mongo.design.ground import Ground, Homes
from modeler.mongo.design.junctions import junction_sides
from modeler.mongo.design.row_bytes import RowBytes, key_bytes, row_bytes
from modeler.schema.relation import Relation
from modeler.schema.table import Table


def document_bytes(ground: Ground, homes: Homes, table: Table) -> RowBytes:
    """Return the bytes of a table's document with all tables that lie in it."""
    made = row_bytes(table, ground.tables.get(table.key))
    for relation in ground.stored.leading_to.get(table.key, ()):
        if homes.of.get(relation.owner) is relation:
            made = _with(ground, homes, made, relation)
    return made


def _with(ground: Ground, homes: Homes, made: RowBytes, relation: Relation) -> RowBytes:
    inputs = homes.inputs[relation.key]
    child = homes.bytes[relation.owner]
    if inputs.junction:
        table = ground.stored.child(relation)
        sides = junction_sides(ground.stored, table)
        far = [side for side in sides or () if side.key != relation.key]
        child = key_bytes(table, far[0].columns[0]) if far else child
    if inputs.p50 is None:
        return made  # nobody counted
    parents = ground.relations.get(relation.key)
    childless = parents.childless if parents and parents.childless is not None else 0.0
    mean = (inputs.mean if inputs.mean is not None else inputs.p50) * (1 - childless)
    return made.with_children(mean, inputs.p99 or 0, inputs.maximum or 0, child, relation.field)


def crowded(ground: Ground, homes: Homes) -> Relation | None:
    """Return what takes most room in the first root that is too large with all its parts."""
    for key in ground.stored.tables:
        if key in homes.of:
            continue
        whole = document_bytes(ground, homes, ground.stored.tables[key])
        if whole.maximum <= ground.weights.veto_document:
            continue
        within = [
            relation
            for relation in ground.stored.leading_to.get(key, ())
            if homes.of.get(relation.owner) is relation and relation.key not in ground.forced
        ]
        empty = RowBytes(0, 0, 0)
        if within:
            return max(within, key=lambda r: (_with(ground, homes, empty, r).maximum, r.key))
    return None
