"""Documents that are made up: the validator accepts them, for every collection there is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.mongo.evaluator import compile_validator
from modeler.mongo.samples.generated import generated
from modeler.mongo.samples.texts import text_for
from modeler.mongo.spec import collection_specs
from modeler.mongo.validator import validator
from modeler.schema.expression import ColumnRef, Literal, Operation
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema
from tests.modeler.mongo.service.library import SEAT, library_specs


def test_every_collection_has_valid_samples_that_differ():
    for spec in (*collection_specs(read_registry()), *library_specs()):
        judge = compile_validator(validator(spec))
        samples = generated(spec, 4)
        assert [one.broken for one in samples] == [()] * 4, spec.name
        assert all(judge.accepts(one.document) for one in samples)
        unique = [
            index.keys[0][0]
            for index in spec.indexes
            if index.unique and len(index.keys) == 1 and "." not in index.keys[0][0]
        ]
        for name in [*(["_id"] if spec.key else []), *unique]:
            told = [repr(one.document[name]) for one in samples if one.document[name] is not None]
            assert len(told) == len(set(told)), (spec.name, name)


def test_they_are_the_same_each_time():
    specs = library_specs()
    assert [generated(spec, 2) for spec in specs] == [generated(spec, 2) for spec in specs]


def test_a_sum_is_met():
    from decimal import Decimal

    (book,) = (spec for spec in library_specs() if spec.name == "books")
    (one,) = generated(book)
    assert one.document["price"].to_decimal() >= 0
    assert one.document["pages"] > 0
    assert one.document["deleted_at"] is None
    assert Decimal(len(one.document["chapters"])) == 1


def test_what_nobody_can_meet_is_said():
    more = Operation(">", (ColumnRef("number"), Literal("integer", "0")))
    less = Operation("<", (ColumnRef("number"), Literal("integer", "0")))
    from modeler.schema.constraint import Constraint, ConstraintKind

    table = replace(
        SEAT,
        constraints=(
            Constraint("seat_more", ConstraintKind.CHECK, ("number",), expression=more),
            Constraint("seat_less", ConstraintKind.CHECK, ("number",), expression=less),
        ),
    )
    (spec,) = collection_specs(Schema((table,)))
    (one,) = generated(spec)
    assert one.broken in [("seat_more",), ("seat_less",)]


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:].]+$", r"^\+[1-9][0-9]{1,14}$", "^[A-Z]{2}$",
        r"(*UCP)^(?:[-\w]+)\z", r"^(?:a|b)c?\z", r"^\d{4}-\d\d\z", "^[^a]$", "^#[0-9a-f]{6}$",
        r"^-?(?:[0-9]+(?:\.[0-9]+)?|NaN)\z", "^$", "", "^ß{3}€$",
    ],
)  # fmt: skip
def test_a_pattern_finds_the_text_made_for_it(pattern):
    text = text_for(pattern)
    assert text is not None
    rule = {"$jsonSchema": {"properties": {"a": {"bsonType": "string", "pattern": pattern}}}}
    assert compile_validator(rule).accepts({"a": text}), text


@pytest.mark.parametrize("pattern", ["(", "[z-a]", r"(?P<a>x)(?P=a)"])
def test_a_pattern_that_is_not_understood_gives_none(pattern):
    assert text_for(pattern) is None
