"""Where the rows of each table lie: in a collection of their own, or in one other document.

A relation's points depend on who else refers to the child, and that is waived for tables whose
rows lie in the same document; so tables are decided from those that nobody refers to upwards,
twice or more, until nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from modeler.mongo.design.copied import copied_updates
from modeler.mongo.design.facts import LOGS, is_same_row, junction_sides, leading
from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.judgement import Judgement, judge
from modeler.mongo.design.measures import RelationMeasures, TableMeasures
from modeler.mongo.design.order import components
from modeler.mongo.design.points import CASCADING
from modeler.mongo.design.row_bytes import RowBytes, key_bytes, row_bytes
from modeler.mongo.design.stored import Stored
from modeler.mongo.design.verdict import Verdict
from modeler.mongo.design.weights import Weights
from modeler.schema.relation import Relation
from modeler.schema.table import Table, TableKind

PASSES = 4


@dataclass(slots=True)
class Homes:
    """Of one pass.

    Attributes:
        of: for each table that is embedded, the relation by which it is.
        inputs, judgements: by relation, as they were decided.
        bytes: of a table's document with all that lies in it.
    """

    of: dict[str, Relation] = field(default_factory=dict)
    inputs: dict[str, Inputs] = field(default_factory=dict)
    judgements: dict[str, Judgement] = field(default_factory=dict)
    bytes: dict[str, RowBytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """What homes are found on.

    Attributes:
        stored: the schema.
        declared: inputs by relation, without what was measured.
        tables, relations: measures by key.
        weights: the numbers.
        forced: what a person or the code says, by relation; it goes before points.
        fixed: relations that cannot embed beside what is declared in code, with why.
        in_code: relations of ``forced`` that the code declares.
    """

    stored: Stored
    declared: Mapping[str, Inputs]
    tables: Mapping[str, TableMeasures]
    relations: Mapping[str, RelationMeasures]
    weights: Weights
    forced: Mapping[str, Verdict] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    in_code: frozenset[str] = frozenset()


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
        crowded = _crowded(ground, homes)
        if crowded is None:
            return homes
        barred[crowded.key] = (
            "with all else that lies in the same document, the largest would be too large"
        )


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
        homes.bytes[key] = _document(ground, homes, table)
        relations = of_owner.get(key, [])
        for relation in relations:
            inputs = _inputs(ground, homes, relation, before)
            parent = ground.stored.parent(relation).key
            why = barred.get(relation.key) or ground.fixed.get(relation.key, "")
            if parent in cycle.get(key, ()) and parent != key:
                why = f"{' and '.join(cycle[key][:3])} refer to each other in a cycle"
            elif parent != key and key in _above(ground.stored, homes.of, parent):
                why = f"{parent} lies in {key} itself"
                inputs = replace(inputs, impossible=True)
            if why and not inputs.barred:
                inputs = replace(inputs, barred=why)
            homes.inputs[relation.key] = inputs
        _junction(ground, homes, relations)
        _settle(ground, homes, relations)
    return homes


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


def possible(verdict: Verdict, inputs: Inputs, *, in_code: bool = False) -> bool:
    """Tell whether a document can hold what was decided, wise or not."""
    if in_code:
        return True
    match verdict:
        case Verdict.EMBED_ONE:
            return inputs.one_to_one and not inputs.impossible and not inputs.self_reference
        case Verdict.EMBED_ARRAY:
            return not inputs.impossible and not inputs.self_reference
        case Verdict.IDS:
            return inputs.junction and not inputs.impossible
        case Verdict.PATH:
            return inputs.self_reference and not inputs.one_to_one
        case Verdict.SUBSET | Verdict.OUTLIER | Verdict.BUCKET | Verdict.COMPUTED:
            return not inputs.self_reference and not inputs.impossible and not inputs.one_to_one
        case Verdict.COPY:
            return inputs.copyable
        case _:
            return True


def _inputs(
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
        referenced_by=_referrers(ground, homes, relation, before),
        child_bytes=document.mean, child_p99=document.p99,
        parent_bytes=row.mean, parent_p99=row.p99, parent_max=row.maximum,
    )  # fmt: skip


def _referrers(
    ground: Ground, homes: Homes, relation: Relation, before: dict[str, Relation]
) -> int:
    """Count the tables that refer to the child from other documents than its own would be.

    Not counted: what lies in the same document, or may (its points ask); and what the parent
    takes with it when it goes, itself or what holds it: parts of one whole refer to each other.
    """
    stored = ground.stored
    child, parent = stored.child(relation), stored.parent(relation)
    if is_same_row(child, relation):
        return 0
    known = before | homes.of
    root = _root(stored, known, parent.key)
    found = set()
    for other in stored.leading_to.get(child.key, ()):
        owner = stored.tables[other.owner]
        # A record of changes follows every table, and no other key says where a row lies.
        if owner.kind is TableKind.HISTORY or owner.key in LOGS:
            continue
        if owner.key in (child.key, parent.key):
            continue
        if owner.key in known and child.key in _above(stored, known, owner.key):
            continue
        if _root(stored, known, owner.key) == root:
            continue
        said = homes.judgements.get(other.key)
        if said is not None and (said.verdict.embeds or said.verdict is Verdict.ASK):
            continue
        holders = (owner.key, *_above(stored, known, owner.key)[:1])
        if any(_belongs(stored, holder, parent.key) for holder in holders):
            continue
        found.add(owner.key)
    return len(found)


def _belongs(stored: Stored, key: str, parent: str) -> bool:
    """Tell whether a table's rows always have that parent, and go with it."""
    return any(
        relation.owner == key
        and relation.on_delete in CASCADING
        and not any(stored.tables[key].column(name).null for name in relation.columns)
        for relation in stored.leading_to.get(parent, ())
    )


def _junction(ground: Ground, homes: Homes, relations: list[Relation]) -> None:
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


def _document(ground: Ground, homes: Homes, table: Table) -> RowBytes:
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


def _crowded(ground: Ground, homes: Homes) -> Relation | None:
    """Return what takes most room in the first root that is too large with all its parts."""
    for key in ground.stored.tables:
        if key in homes.of:
            continue
        whole = _document(ground, homes, ground.stored.tables[key])
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


def _above(stored: Stored, of: Mapping[str, Relation], key: str) -> list[str]:
    """Return the tables in whose documents a table lies, the nearest first."""
    found: list[str] = []
    while key in of:
        key = stored.parent(of[key]).key
        if key in found:
            break  # of two passes together
        found.append(key)
    return found


def _root(stored: Stored, of: Mapping[str, Relation], key: str) -> str:
    above = _above(stored, of, key)
    return above[-1] if above else key
