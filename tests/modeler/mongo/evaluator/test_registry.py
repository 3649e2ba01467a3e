"""The validators of a project full of awkward models: every one is known, and judges alike."""

from __future__ import annotations

import json
import random

import pytest
from bson import json_util

from modeler.mongo.evaluator import compile_validator
from modeler.mongo.spec import CollectionSpec, collection_specs
from modeler.mongo.validator import validator
from modeler.schema.location import Location
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind
from tests.modeler.mongo.test_server import VALUES, Column

from .server import Judge
from .values import MOMENTS, NUMBERS, OTHERS, TEXTS

ANY = [*NUMBERS, *TEXTS, *MOMENTS, *OTHERS, {}, {"a": 1}, [], [1], [None, "a"],
       "2026-01-02", "a@b.c", "https://example.org", "12:30:00.000001", "::1",
       {"lower": 1, "upper": None, "li": True, "ui": False, "empty": False}]  # fmt: skip


@pytest.fixture(scope="module")
def judge(mongo_database):
    return Judge(mongo_database, "judged_registry")


def fitting(evaluator, fields: dict[str, list], chance: random.Random) -> list[dict]:
    """Documents: one that is accepted, found field by field, and mutants of it."""
    best = {name: chance.choice(values) for name, values in fields.items()}
    for name, values in fields.items():
        for value in chance.sample(values, len(values)):
            tried = {**best, name: value}
            broken = {one.path[:1] for one in evaluator.broken(tried)}
            if (name,) not in broken:
                best = tried
                break
    mutants = [best]
    for name in fields:
        for value in chance.sample(ANY, 6):
            mutants.append({**best, name: value})
        mutants.append({key: value for key, value in best.items() if key != name})
    return [*mutants, {**best, "surplus": 1}]


def names(spec: CollectionSpec) -> list[str]:
    return [field.name for field in spec.fields if field.stored]


def test_every_validator_of_the_registry(judge):
    """On documents that it accepts, and on mutants of each in one field."""
    accepted, differences = 0, []
    chance = random.Random(11)
    for spec in collection_specs(read_registry()):
        told = validator(spec)
        evaluator = compile_validator(told)
        offered = dict.fromkeys(names(spec), ANY)
        documents = fitting(evaluator, offered, chance)
        loaded = json_util.loads(json.dumps(told))
        for document in documents:
            document.pop("_id", None)
        numbered = [{"_id": number, **one} for number, one in enumerate(documents)]
        stored = judge.verdicts(loaded, documents)
        assert stored is not None
        accepted += sum(stored)
        differences += [
            (spec.name, document)
            for document, wanted in zip(numbered, stored, strict=True)
            if evaluator.accepts(document) is not wanted
            or (evaluator.broken(document) == ()) is not wanted
        ]
    assert differences == []
    assert accepted > 100


@pytest.mark.parametrize(("given", "good", "bad"), VALUES)
def test_values_of_every_type_of_column(given: Column, good, bad):
    """What test_server puts before a real server."""
    table = Table(
        "t.T", Location("default", "", "t"), TableKind.MODEL, "T",
        primary_key=("id",), columns=(Column("id", "integer", field_type="AutoField"), given),
    )  # fmt: skip
    evaluator = compile_validator(validator(collection_specs(Schema((table,)))[0]))
    for value in good:
        assert evaluator.accepts({"_id": 1, "c": value}), value
        assert evaluator.broken({"_id": 1, "c": value}) == ()
    for value in bad:
        assert not evaluator.accepts({"_id": 1, "c": value}), value
        assert evaluator.broken({"_id": 1, "c": value}), value
    assert not evaluator.accepts({"_id": 1})
    assert not evaluator.accepts({"_id": 1, "c": good[0], "surplus": 1})
