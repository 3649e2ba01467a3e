"""Primary keys of embedded rows: those that hold the reference are rules, others are told of."""

from __future__ import annotations

import pytest

from modeler.mongo.aggregate import Aggregate, Part, PartKind
from modeler.mongo.evaluator import compile_validator
from modeler.mongo.spec import aggregate_specs
from modeler.mongo.validator import validator
from modeler.schema.column import Column
from modeler.schema.location import Location
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind

NUMBER = "integer"


def schema(key: tuple[str, ...]) -> Schema:
    """A head and its lines, whose primary key is given."""
    head = Table(
        key="a.Head",
        kind=TableKind.MODEL,
        name="Head",
        location=Location("default", "", "head"),
        primary_key=("id",),
        columns=(Column("id", NUMBER),),
    )
    link = Relation(
        owner="a.Line",
        field="head",
        kind=RelationKind.FOREIGN_KEY,
        columns=("head_id",),
        target="a.Head",
        target_location=head.location,
        target_columns=("id",),
    )
    line = Table(
        key="a.Line",
        kind=TableKind.MODEL,
        name="Line",
        location=Location("default", "", "line"),
        primary_key=key,
        columns=tuple(Column(name, NUMBER) for name in ("id", "head_id", "place")),
        relations=(link,),
    )
    return Schema(tables=(head, line))


def lines(*places: int) -> dict:
    return {"_id": 1, "lines": [{"id": n, "place": place} for n, place in enumerate(places)]}


SHAPE = Aggregate("a.Head", "heads", parts=(Part("lines", PartKind.ARRAY, "a.Line.head"),))


@pytest.mark.parametrize(
    ("key", "twice", "codes"),
    [
        (("head_id", "place"), False, []),
        (("place", "head_id"), False, []),
        (("id",), True, ["MS204"]),
        ((), True, []),
    ],
)
def test_two_rows_of_one_place(key, twice, codes):
    (spec,) = aggregate_specs(schema(key), [SHAPE])
    evaluator = compile_validator(validator(spec))
    assert evaluator.accepts(lines(1, 2))
    assert evaluator.accepts(lines(1, 1)) is twice
    assert [finding.code for finding in spec.findings] == codes
