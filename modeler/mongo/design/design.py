"""The design: a decision a relation, and the collections that they come to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from modeler.mongo.aggregate import Aggregate
from modeler.mongo.design.decision import Decision, Origin
from modeler.mongo.design.facts import Workload, declared_inputs
from modeler.mongo.design.from_code import FromCode, from_code
from modeler.mongo.design.ground import Ground, Homes, possible
from modeler.mongo.design.growth import projection
from modeler.mongo.design.homes import find_homes
from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.judgement import Judgement
from modeler.mongo.design.measures import Measures, RelationMeasures
from modeler.mongo.design.override import Override, moved
from modeler.mongo.design.row_bytes import RowBytes
from modeler.mongo.design.shapes import Shapes
from modeler.mongo.design.stored import Stored, stored
from modeler.mongo.design.verdict import Verdict
from modeler.mongo.design.weights import Weights
from modeler.reporting.finding import Finding, Level, in_order
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import Schema


@dataclass(frozen=True, slots=True)
class CollectionSize:
    """A collection's projected documents.

    Attributes:
        table: key of the root.
        bytes: of a document with all that lies in it; a part that nobody counted is left out.
        whole: all parts were counted.
    """

    table: str
    bytes: RowBytes
    whole: bool


@dataclass(frozen=True, slots=True)
class Design:
    """All decisions, and what they come to.

    Attributes:
        schema: what was designed.
        weights: the numbers that were used.
        measures: None where the models alone spoke.
        decisions: one a relation, by key.
        aggregates: shapes of all collections, by table; every table is the root of one, or lies
            in one.
        sizes: of them, in their order.
        shapes: makes the documents of a card.
    """

    schema: Schema
    weights: Weights
    measures: Measures | None
    decisions: tuple[Decision, ...]
    aggregates: tuple[Aggregate, ...]
    sizes: tuple[CollectionSize, ...]
    shapes: Shapes

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a person should look at: decisions that the numbers left behind."""
        found = []
        for one in self.decisions:
            if one.moved:
                found.append(
                    Finding(
                        "MS401", Level.WARNING, one.relation,
                        f"{one.relation} was decided on other numbers: {'; '.join(one.moved)}.",
                        "Decide it again, or confirm it, with the numbers of today.",
                        docs="collections",
                    )
                )  # fmt: skip
            if one.refused and one.override is not None:
                found.append(
                    Finding(
                        "MS402", Level.WARNING, one.relation,
                        f"The decision to make {one.relation} {one.override.verdict!s} is not "
                        f"followed: {one.refused}.",
                        "Decide otherwise, or remove the decision.",
                        docs="collections",
                    )
                )  # fmt: skip
        return in_order(found)


def design(
    schema: Schema,
    measures: Measures | None = None,
    overrides: Iterable[Override] = (),
    *,
    declared: Iterable[Aggregate] = (),
    weights: Weights | None = None,
    pages: Collection[str] = (),
    workload: Mapping[str, Workload] | None = None,
    indexes: Iterable[Collection[str]] = (),
) -> Design:
    """Decide every relation of a schema.

    Args:
        schema: the whole, with its admin.
        measures: what was measured; without it, the models alone speak and every card says so.
        overrides: what people decided; those of unknown relations are passed over.
        declared: collections declared in code; they go before points and people.
        weights: the default ones if not given.
        pages: keys of tables whose models have ``get_absolute_url``.
        workload: what the project says of it, by relation.
        indexes: compound indexes that the project needs over several tables, as
            ``app.Model.column`` each.
    """
    weights = weights or Weights()
    ground_of = stored(schema)
    code = from_code(ground_of, declared)
    said = {one.relation: one for one in overrides}
    of_relation = measures.by_relation() if measures else {}
    ground = Ground(
        stored=ground_of,
        declared={
            r.key: declared_inputs(ground_of, r, pages, workload) for r in ground_of.relations
        },
        tables=measures.by_table() if measures else {},
        relations=of_relation,
        weights=weights,
        forced={key: one.verdict for key, one in said.items()} | code.verdicts,
        fixed=code.fixed,
        in_code=frozenset(code.verdicts),
        together=tuple(
            frozenset(column.rpartition(".")[0] for column in columns) for columns in indexes
        ),
    )
    homes = find_homes(ground)
    now = measures.read_at if measures else None
    decisions = {}
    for relation in ground_of.relations:
        made = _decision(ground, homes, relation, code, said.get(relation.key))
        figures = of_relation.get(relation.key)
        decisions[relation.key] = replace(
            made,
            projection=projection(made.inputs, now),
            moved=_moved(made, figures, weights),
            measured=figures is not None and figures.p50 is not None,
            sampled=figures is not None and figures.sampled,
            notes=_notes(measures, figures, made),
        )
    shapes = Shapes(ground_of, homes.of, decisions, weights)
    aggregates = [
        shapes.aggregate(table)
        for key, table in ground_of.tables.items()
        if key not in homes.of and key not in code.roots
    ]
    aggregates = sorted([*aggregates, *code.aggregates], key=lambda one: one.table)
    return Design(
        schema=schema,
        weights=weights,
        measures=measures,
        decisions=tuple(
            sorted([*decisions.values(), *_generic(ground_of)], key=lambda one: one.relation)
        ),
        aggregates=tuple(aggregates),
        sizes=tuple(_size(one, homes, decisions, ground_of) for one in aggregates),
        shapes=shapes,
    )


def _decision(
    ground: Ground, homes: Homes, relation: Relation, code: FromCode, said: Override | None
) -> Decision:
    inputs, judgement = homes.inputs[relation.key], homes.judgements[relation.key]
    verdict, also, because = judgement.verdict, judgement.also, judgement.because
    origin, refused = Origin.POINTS, ""
    covered = relation.owner in code.roots or code.covers(relation.owner, ground.stored)
    if relation.key in code.verdicts:
        origin, verdict, also = Origin.CODE, code.verdicts[relation.key], ()
        because = "declared in code"
    elif covered:
        # A declared shape has no parts but its own.
        origin, verdict, also = Origin.CODE, Verdict.REFERENCE, ()
        because = "declared in code: the collection refers to it"
    elif said is not None:
        refused = _refusal(said, inputs, homes, relation)
        if not refused:
            origin, verdict, also = Origin.PERSON, said.verdict, ()
            because = said.note or "decided by a person, without a note"
    if origin is not Origin.CODE and ground.stored.parent(relation).key in code.roots:
        also = tuple(one for one in also if one is not Verdict.COMPUTED)
    return Decision(
        relation=relation.key,
        child=relation.owner,
        parent=ground.stored.parent(relation).key,
        verdict=verdict,
        because=because,
        origin=origin,
        judgement=judgement,
        inputs=inputs,
        projection=projection(inputs, None),
        also=also,
        sizes=inputs.sizes,
        override=said,
        refused=refused,
    )


def _refusal(said: Override, inputs: Inputs, homes: Homes, relation: Relation) -> str:
    if not possible(said.verdict, inputs):
        return inputs.barred or "a document cannot have that of this relation"
    home = homes.of.get(relation.owner)
    if said.verdict.embeds and home is not relation:
        return "its rows lie in another document already"
    if said.verdict in (Verdict.SUBSET, Verdict.OUTLIER) and home is not None:
        return "its rows lie in another document, not in a collection"
    return ""


def _moved(
    decision: Decision, figures: RelationMeasures | None, weights: Weights
) -> tuple[str, ...]:
    if decision.override is None or decision.origin is Origin.CODE:
        return ()
    return moved(decision.override, figures, weights.moved)


def _notes(
    measures: Measures | None, figures: RelationMeasures | None, decision: Decision
) -> tuple[str, ...]:
    if measures is None:
        return ("from the models alone: no database was asked",)
    if figures is None:
        return ("from the models alone: this relation was not measured",)
    return figures.notes


def _generic(ground: Stored) -> list[Decision]:
    """Return the decisions on relations whose target is in the row: there is but one."""
    because = "the target is in the row: another table each time"
    return [
        Decision(
            relation=relation.key, child=table.key, parent="", verdict=Verdict.REFERENCE,
            because=because, origin=Origin.POINTS,
            judgement=Judgement(Verdict.REFERENCE, (), because, 0),
            inputs=Inputs(barred=because, impossible=True, copyable=False),
            projection=projection(Inputs(), None),
        )
        for table in ground.tables.values()
        for relation in table.relations
        if relation.kind is RelationKind.GENERIC
    ]  # fmt: skip


def _size(
    aggregate: Aggregate, homes: Homes, decisions: Mapping[str, Decision], ground: Stored
) -> CollectionSize:
    root = homes.bytes[aggregate.table] if aggregate.table in homes.bytes else RowBytes(0, 0, 0)
    whole = all(
        decisions[part.relation].inputs.p50 is not None
        for _, part in aggregate.walk()
        if part.relation in decisions and part.kind in ("array", "one", "values")
    )
    return CollectionSize(aggregate.table, root, whole)
