"""The table of what servers can do, held against the one that runs for the tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from bson import json_util
from pymongo.errors import OperationFailure, WriteError

from modeler.mongo.server_facts import served_version
from modeler.mongo.server_features import (
    COMPOUND_WILDCARD,
    MOST_FIELDS,
    MOST_INDEXES,
    PARTIAL_CHOICES,
    SAME_KEYS,
)
from modeler.mongo.spec import collection_specs
from modeler.schema.schema import Schema
from tests.modeler.mongo.test_index_versions import GIN_AND_PLAIN
from tests.modeler.mongo.test_indexes import CARRIED, REWRITTEN, TABLE

INDEXES = [case[1] for case in (*CARRIED, *REWRITTEN)]


@pytest.fixture
def version(mongo_client, server_url):
    return served_version(server_url)


@pytest.fixture
def empty(mongo_database):
    mongo_database.drop_collection("features")
    yield mongo_database.create_collection("features")
    mongo_database.drop_collection("features")


def test_the_servers_own_version_is_asked(version, mongo_client):
    assert version == tuple(mongo_client.server_info()["versionArray"][:2])


def filtered(collection: Any, condition: dict[str, Any], **options: Any) -> str:
    return collection.create_index([("a", 1)], partialFilterExpression=condition, **options)


def test_every_index_that_is_carried_is_made(empty, version):
    specs = [
        spec
        for index in (*INDEXES, GIN_AND_PLAIN)
        for spec in collection_specs(Schema((replace(TABLE, indexes=(index,)),)), server=version)[
            0
        ].indexes
    ]
    made = set()
    for spec in specs:
        options = json_util.loads(json_util.dumps(dict(spec.options)))
        made.add(empty.create_index(list(spec.keys), name=spec.name, **options))
    assert made == {spec.name for spec in specs}
    assert set(empty.index_information()) == made | {"_id_"}


def test_a_compound_wildcard_index_is_made_from_its_version_on(empty, version):
    (spec,) = collection_specs(Schema((replace(TABLE, indexes=(GIN_AND_PLAIN,)),)), server=(9, 0))
    (index,) = spec.indexes
    if COMPOUND_WILDCARD.on(version):
        assert empty.create_index(list(index.keys)) in empty.index_information()
    else:
        with pytest.raises(OperationFailure, match="compound"):
            empty.create_index(list(index.keys))


@pytest.mark.parametrize(
    "condition",
    [
        {"a": 1}, {"a": None}, {"a": {"$exists": True}}, {"a": {"$gt": 1}}, {"a": {"$gte": 1}},
        {"a": {"$lt": 1}}, {"a": {"$lte": 1}}, {"a": {"$type": "string"}},
        {"$and": [{"a": 1}, {"b": 2}]},
    ],
)  # fmt: skip
def test_comparisons_are_partial_filters(empty, condition):
    assert filtered(empty, condition) in empty.index_information()


@pytest.mark.parametrize(
    "condition",
    [
        {"a": {"$in": [1, 2]}}, {"$or": [{"a": 1}, {"b": 2}]},
        {"$or": [{"a": 1}, {"$and": [{"a": 2}, {"b": {"$in": [1, None]}}]}]},
    ],
)  # fmt: skip
def test_choices_are_partial_filters(empty, version, condition):
    assert PARTIAL_CHOICES.on(version)
    assert filtered(empty, condition) in empty.index_information()


@pytest.mark.parametrize(
    "condition",
    [
        {"a": {"$ne": 1}}, {"a": {"$not": {"$gt": 1}}}, {"$nor": [{"a": 1}]},
        {"a": {"$regex": "^a"}}, {"$expr": {"$lt": ["$a", "$b"]}}, {"a": {"$exists": False}},
        {"a": {"$nin": [1]}},
    ],
)  # fmt: skip
def test_other_conditions_are_not(empty, condition):
    with pytest.raises(OperationFailure) as error:
        filtered(empty, condition)
    assert error.value.code in (67, 224)  # CannotCreateIndex, QueryFeatureNotAllowed


def test_one_key_may_have_several_filters_and_a_unique_index(empty, version):
    assert SAME_KEYS.on(version)
    empty.create_index([("a", 1)], name="plain")
    filtered(empty, {"b": True}, name="some")
    filtered(empty, {"c": True}, name="others", unique=True)
    assert set(empty.index_information()) == {"_id_", "plain", "some", "others"}


@pytest.mark.parametrize(
    ("keys", "options"),
    [
        ([("a.$**", 1)], {"unique": True}),
        ([("a", "hashed")], {"unique": True}),
        ([(f"f{n}", 1) for n in range(MOST_FIELDS + 1)], {}),
    ],
)
def test_what_no_server_makes(empty, keys, options):
    with pytest.raises(OperationFailure):
        empty.create_index(keys, **options)


def test_a_collection_has_so_many_indexes_and_no_more(empty):
    for number in range(MOST_INDEXES - 1):
        empty.create_index([(f"f{number}", 1)])
    with pytest.raises(OperationFailure):
        empty.create_index([("beyond", 1)])


def test_a_second_text_index_is_refused(empty):
    empty.create_index([("a", "text")])
    with pytest.raises(OperationFailure):
        empty.create_index([("b", "text")])


@pytest.mark.parametrize(
    ("keys", "document"),
    [([("a", 1), ("b", 1)], {"a": [1], "b": [2]}), ([("a", "hashed")], {"a": [1]})],
)
def test_arrays_that_an_index_does_not_take_refuse_the_document(empty, keys, document):
    empty.create_index(keys)
    with pytest.raises(WriteError):
        empty.insert_one(document)
