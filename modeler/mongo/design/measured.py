"""Inputs as they are once rows were measured and the children's homes are known."""

from __future__ import annotations

from dataclasses import replace

from modeler.mongo.design.copied import copied_updates
from modeler.mongo.design.ground import Ground, Homes
from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.referrers import referrers
from modeler.mongo.design.row_bytes import row_bytes
from modeler.mongo.design.weights import Weights
from modeler.schema.relation import Relation


def measured_inputs(
    ground: Ground, homes: Homes, relation: Relation, before: dict[str, Relation]
) -> Inputs:
    """Return the inputs of a relation with what was measured, and who refers to the child."""
    child, parent = ground.stored.child(relation), ground.stored.parent(relation)
    inputs = ground.declared[relation.key]
    measured = ground.relations.get(relation.key)
    if measured is not None:
        inputs = replace(inputs, homeless=measured.homeless, late=measured.late)
        if measured.p50 is not None and not inputs.one_to_one:
            inputs = replace(
                inputs, mean=measured.mean, p50=measured.p50, p95=measured.p95, p99=measured.p99,
                maximum=measured.maximum,
            )  # fmt: skip
    of_child, of_parent = ground.tables.get(child.key), ground.tables.get(parent.key)
    if of_child is not None:
        inputs = replace(
            inputs, child_rows=of_child.rows, inserted=of_child.inserted,
            updated=of_child.updated, monthly=of_child.monthly,
        )  # fmt: skip
    if of_parent is not None:
        inputs = replace(
            inputs, parent_rows=of_parent.rows, parent_updated=copied_updates(parent, of_parent),
            parent_read=of_parent.read,
        )  # fmt: skip
        if inputs.tree and (of_parent.rows or 0) > ground.weights.tree_rows:
            inputs = replace(inputs, tree=False)
    if inputs.tree and any(
        not homes.inputs[home.key].junction
        for home in homes.of.values()
        if ground.stored.parent(home) is parent
    ):
        # A table with parts of its own is no lookup.
        inputs = replace(inputs, tree=False)
    row, document = row_bytes(parent, of_parent), homes.bytes[child.key]
    return replace(
        inputs,
        referenced_by=referrers(ground, homes, relation, before),
        child_bytes=document.mean, child_p99=document.p99,
        parent_bytes=row.mean, parent_p99=row.p99, parent_max=row.maximum,
    )  # fmt: skip


def tell_sides(ground: Ground, homes: Homes, relations: list[Relation]) -> None:
    """Tell both sides of a junction of each other."""
    if len(relations) != 2 or not all(homes.inputs[r.key].junction for r in relations):
        return
    open_ = {r.key: _may_hold(homes.inputs[r.key], ground.weights) for r in relations}
    shown = {r.key: homes.inputs[r.key].p99 for r in relations}
    prefers = [r.key for r in relations if homes.inputs[r.key].preferred] or [relations[0].key]
    for near, far in (relations, relations[::-1]):
        homes.inputs[near.key] = replace(
            homes.inputs[near.key],
            rival=open_[far.key],
            rival_p99=shown[far.key],
            preferred=near.key == prefers[0],
        )


def _may_hold(inputs: Inputs, weights: Weights) -> bool:
    return (
        not inputs.barred
        and (inputs.maximum or 0) <= weights.veto_rows
        and (inputs.p99 or 0) <= weights.ids
    )
