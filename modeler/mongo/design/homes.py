"""Where the rows of each table lie: in a collection of their own, or in one other document.

A relation's points depend on who else refers to the child, and that is waived for tables whose
rows lie in the same document; so tables are decided from those that nobody refers to upwards,
twice or more, until nothing changes.
"""

from __future__ import annotations

from dataclasses import replace

from modeler.mongo.design.ground import Ground, Homes, above, possible, root_of
from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.judgement import Judgement, judge
from modeler.mongo.design.keys import leading
from modeler.mongo.design.measured import measured_inputs, tell_sides
from modeler.mongo.design.order import components
from modeler.mongo.design.room import crowded, document_bytes
from modeler.schema.relation import Relation

PASSES = 4


def find_homes(ground: Ground) -> Homes:
    """Return the homes of all tables; they form a forest."""
    edges = {key: set[str]() for key in ground.stored.tables}
    required = {key: set[str]() for key in ground.stored.tables}
    for relation in ground.stored.relations:
        child, parent = relation.owner, ground.stored.parent(relation).key
        edges[child].add(parent)
        if not ground.declared[relation.key].null:
            required[child].add(parent)
    # What is reached first comes first, and children have to be decided before their parents.
    order = [key for group in reversed(components(edges)) for key in group]
    cycle = {key: group for group in components(required) if len(group) > 1 for key in group}
    barred: dict[str, str] = {}
    while True:
        homes = Homes()
        for _ in range(PASSES):
            before, homes = homes, _pass(ground, order, cycle, barred, homes.of)
            if homes.of == before.of:
                break
        fullest = crowded(ground, homes)
        if fullest is None:
            _forget_copies_within(ground, homes)
            return homes
        barred[fullest.key] = (
            "with all else that lies in the same document, the largest would be too large"
        )


def _forget_copies_within(ground: Ground, homes: Homes) -> None:
    """Copy nothing out of the document that a row lies in itself.

    Two references of a row to its own parent's table lead to two rows, as a recommendation does;
    a reference to what lies further up, or beside, leads to the same document.
    """
    stored = ground.stored
    for relation in stored.relations:
        home = homes.of.get(relation.owner)
        parent = stored.parent(relation)
        if home is None or home is relation or stored.parent(home) is parent:
            continue
        if root_of(stored, homes.of, relation.owner) == root_of(stored, homes.of, parent.key):
            inputs = replace(homes.inputs[relation.key], copyable=False)
            homes.inputs[relation.key] = inputs
            homes.judgements[relation.key] = judge(inputs, ground.weights)


def _pass(
    ground: Ground,
    order: list[str],
    cycle: dict[str, tuple[str, ...]],
    barred: dict[str, str],
    before: dict[str, Relation],
) -> Homes:
    homes = Homes()
    of_owner: dict[str, list[Relation]] = {}
    for relation in ground.stored.relations:
        of_owner.setdefault(relation.owner, []).append(relation)
    for key in order:
        table = ground.stored.tables[key]
        homes.bytes[key] = document_bytes(ground, homes, table)
        relations = of_owner.get(key, [])
        for relation in relations:
            inputs = measured_inputs(ground, homes, relation, before)
            parent = ground.stored.parent(relation).key
            why = barred.get(relation.key) or ground.fixed.get(relation.key, "")
            if parent in cycle.get(key, ()) and parent != key:
                why = f"{' and '.join(cycle[key][:3])} refer to each other in a cycle"
            elif sibling := _parallel(ground, homes, relation):
                why = f"one index needs it and {sibling}: MongoDB's have one array a document"
            elif parent != key and key in above(ground.stored, homes.of, parent):
                why = f"{parent} lies in {key} itself"
                inputs = replace(inputs, impossible=True)
            if why and not inputs.barred:
                inputs = replace(inputs, barred=why)
            homes.inputs[relation.key] = inputs
        tell_sides(ground, homes, relations)
        _settle(ground, homes, relations)
    return homes


def _parallel(ground: Ground, homes: Homes, relation: Relation) -> str:
    """Return a table whose rows are an array in the same parent, and in the same index.

    Source: MongoDB manual, "Multikey Indexes" (compound multikey indexes).
    """
    if ground.declared[relation.key].one_to_one:
        return ""
    for tables in ground.together:
        for other, home in homes.of.items():
            if (
                {other, relation.owner} <= tables
                and other != relation.owner
                and ground.stored.parent(home) is ground.stored.parent(relation)
                and not homes.inputs[home.key].one_to_one
            ):
                return other
    return ""


def _settle(ground: Ground, homes: Homes, relations: list[Relation]) -> None:
    """Find the only home of a table, and judge its relations knowing it."""
    weights, parent = ground.weights, ground.stored.parent
    judged = {r.key: judge(homes.inputs[r.key], weights) for r in relations}
    embedding = [r for r in relations if _embeds(ground, homes.inputs[r.key], judged[r.key], r)]
    winner = max(
        embedding,
        key=lambda r: (
            r.key in ground.forced,
            judged[r.key].score,
            -(homes.inputs[r.key].p99 or 0),
            -leading(ground.stored.child(r), r),
            # The last by key would win otherwise.
            [-ord(letter) for letter in r.key],
        ),
        default=None,
    )
    if winner is not None:
        homes.of[winner.owner] = winner
        points = None if winner.key in ground.forced else judged[winner.key].score
        for relation in relations:
            if relation is not winner:
                homes.inputs[relation.key] = replace(
                    homes.inputs[relation.key],
                    lost_to=parent(winner).key if parent(winner) is not parent(relation) else
                    f"{parent(winner).key} (by {winner.field})",
                    lost_by=points,
                )  # fmt: skip
                again = judge(homes.inputs[relation.key], weights)
                if again.verdict.embeds:
                    # Equal points, and the other has fewer children at the 99th percentile.
                    homes.inputs[relation.key] = replace(homes.inputs[relation.key], lost_by=None)
                    again = judge(homes.inputs[relation.key], weights)
                judged[relation.key] = again
    homes.judgements.update(judged)


def _embeds(ground: Ground, inputs: Inputs, judgement: Judgement, relation: Relation) -> bool:
    said = ground.forced.get(relation.key)
    if said is None or not possible(said, inputs, in_code=relation.key in ground.in_code):
        return judgement.verdict.embeds
    return said.embeds
