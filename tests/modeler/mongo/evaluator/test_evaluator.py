from __future__ import annotations

import sys
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import bson
import pytest
from bson import SON, Decimal128, Int64
from bson.raw_bson import RawBSONDocument

import modeler.mongo.evaluator as package
from modeler.errors import ConfigurationError, ModelerError
from modeler.mongo.evaluator import compile_validator
from modeler.mongo.evaluator.broken import Broken
from modeler.mongo.evaluator.errors import EvaluationError, NotEvaluated

ITEM = {
    "bsonType": "object",
    "required": ["price"],
    "properties": {"price": {"bsonType": "decimal", "minimum": {"$numberDecimal": "0"}}},
    "additionalProperties": False,
}
VALIDATOR = {
    "$jsonSchema": {
        "bsonType": "object",
        "required": ["_id", "name", "items"],
        "properties": {
            "_id": {"bsonType": ["long", "int"]},
            "name": {"bsonType": ["string", "null"], "maxLength": 3,
                     "allOf": [{"pattern": r"^\w+\z"}, {"not": {"enum": ["bad"]}}]},
            "items": {"bsonType": "array", "items": ITEM, "uniqueItems": True},
            "on": {},
        },
        "additionalProperties": False,
    },
    "on": {"$gte": {"$date": "2026-01-01T00:00:00Z"}},
    "$expr": {"$and": [
        {"$ne": ["$name", "no"]},
        {"$gt": [{"$size": "$items"}, 0]},
        {"$gte": [{"$sum": "$items.price"}, 1]},
    ]},
}  # fmt: skip
GOOD = {"_id": 1, "name": "abc", "items": [{"price": Decimal128("1.50")}],
        "on": datetime(2026, 1, 1, tzinfo=UTC)}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({}, ()),
        ({"_id": Int64(1), "name": None}, ()),
        ({"name": "abcd"}, (Broken(("name",), "maxLength"),)),
        ({"name": "a-d"}, (Broken(("name",), "pattern"),)),
        ({"name": "bad"}, (Broken(("name",), "not"),)),
        ({"name": 5}, (Broken(("name",), "bsonType"),)),
        ({"name": "no"}, (Broken((), "$expr", 0),)),
        ({"more": 1}, (Broken(("more",), "additionalProperties"),)),
        ({"on": datetime(2025, 12, 31, 23, 59, 59, 999999)}, (Broken(("on",), "$gte"),)),
        (
            {"items": [{"price": Decimal128("2")}, {"price": Decimal128("-0.5"), "x": 1}]},
            (Broken(("items", 1, "price"), "minimum"),
             Broken(("items", 1, "x"), "additionalProperties")),
        ),
        (
            {"items": [{"price": Decimal128("1")}, {"price": Decimal128("1.0")}]},
            (Broken(("items",), "uniqueItems"),),
        ),
        (
            {"items": [{}]},
            (Broken(("items", 0, "price"), "required"), Broken((), "$expr", 2)),
        ),
        (
            {"items": 3},
            (Broken(("items",), "bsonType"),
             Broken((), "$expr", 1, "$size needs an array, but got int"),
             Broken((), "$expr", 2)),
        ),
    ],
)  # fmt: skip
def test_broken_rules_are_named_with_their_path(changed, broken):
    evaluator = compile_validator(VALIDATOR)
    document = {**GOOD, **changed}
    assert evaluator.broken(document) == broken
    assert evaluator.accepts(document) is (broken == ())


def test_a_place_is_written_as_mongodb_writes_it():
    assert Broken(("items", 1, "price"), "minimum").place == "items.1.price"
    assert Broken((), "$expr", 0).place == ""


def test_positions_of_conditions_run_over_the_whole_validator():
    evaluator = compile_validator(
        {"$and": [{"$expr": {"$eq": ["$a", 1]}},
                  {"$or": [{"$expr": "$x"}, {"b": 1}]},
                  {"$expr": {"$and": ["$b", {"$eq": ["$c", 1]}]}}]}
    )  # fmt: skip
    assert evaluator.broken({"a": 2, "b": 0, "c": 2}) == (
        Broken((), "$expr", 0),
        Broken((), "$or"),
        Broken((), "$expr", 1),
        Broken((), "$expr", 2),
    )


def test_a_document_without_id_gets_one_as_on_the_server():
    needs = compile_validator({"$jsonSchema": {"required": ["_id"], "minProperties": 2}})
    document = {"a": 1}
    assert needs.accepts(document)
    assert document == {"a": 1}
    assert not needs.accepts({})
    assert not compile_validator(
        {"$jsonSchema": {"properties": {"_id": {"bsonType": "int"}}}}
    ).accepts(document)


class Text(str):
    """As Django's SafeString is one."""


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", Text("a")), ("int", True + 1), ("long", 2**40), ("long", Int64(1)),
        ("bool", True), ("array", (1, 2)), ("object", SON(a=1)), ("binData", uuid.uuid4()),
        ("object", RawBSONDocument(bson.encode({"a": 1}))), ("decimal", Decimal("1.5")),
        ("date", bson.DatetimeMS(2**60)),
    ],
)  # fmt: skip
def test_values_have_the_type_that_pymongo_gives_them(kind, value):
    for other in (
        "string",
        "int",
        "long",
        "bool",
        "array",
        "object",
        "binData",
        "decimal",
        "date",
    ):
        schema = {"properties": {"a": {"bsonType": other}}}
        accepted = compile_validator({"$jsonSchema": schema}).accepts({"a": value})
        assert accepted is (other == kind), other


@pytest.mark.parametrize(
    ("value", "word"),
    [(date(2026, 1, 1), "datetime.date"), (2**63, "64 bits"), ({1}, "set"), (1j, "complex")],
)
def test_what_pymongo_cannot_encode_is_said(value, word):
    evaluator = compile_validator({"$jsonSchema": {"properties": {"a": {"bsonType": "int"}}}})
    with pytest.raises(EvaluationError, match="Encode the document's values first") as caught:
        evaluator.accepts({"_id": 1, "a": value})
    assert word in str(caught.value)


def schema(**told):
    return {"$jsonSchema": {"properties": {"a": told}}}


@pytest.mark.parametrize(
    ("validator", "where"),
    [
        (schema(format="email"), "$jsonSchema.properties.a.format"),
        (schema(bsonType="integer"), "$jsonSchema.properties.a.bsonType"),
        (schema(bsonType="int", type="number"), "$jsonSchema.properties.a"),
        (schema(exclusiveMinimum=True), "$jsonSchema.properties.a.exclusiveMinimum"),
        (schema(minimum=1, exclusiveMinimum=2), "$jsonSchema.properties.a.exclusiveMinimum"),
        (schema(multipleOf=0), "$jsonSchema.properties.a.multipleOf"),
        (schema(minLength=-1), "$jsonSchema.properties.a.minLength"),
        (schema(enum=[]), "$jsonSchema.properties.a.enum"),
        (schema(enum=[1, 1.0]), "$jsonSchema.properties.a.enum"),
        (schema(required=[]), "$jsonSchema.properties.a.required"),
        (schema(required=["a.b"]), "$jsonSchema.properties.a.required"),
        (schema(properties={"a.b": {}}), "$jsonSchema.properties.a.properties"),
        (schema(pattern="("), "$jsonSchema.properties.a.pattern"),
        (schema(pattern=r"\p{L}"), "$jsonSchema.properties.a.pattern"),
        (schema(description=1), "$jsonSchema.properties.a.description"),
        (schema(anyOf=[]), "$jsonSchema.properties.a.anyOf"),
        (schema(items=[{"const": 1}]), "$jsonSchema.properties.a.items.0.const"),
        ({"$jsonSchema": 1}, "$jsonSchema"),
        ({"$where": "true"}, "$where"),
        ({"$or": []}, "$or"),
        ({"a": {"$elemMatch": {"b": 1}}}, "a.$elemMatch"),
        ({"a": {"$type": "text"}}, "a.$type"),
        ({"a.0": 1}, "a.0"),
        ({"$expr": {"$function": {}}}, "$expr.$and.0.$function"),
        ({"$expr": {"$and": [True, {"$eq": ["$a"]}]}}, "$expr.$and.1.$eq"),
        ({"$expr": {"$eq": ["$$NOW", 1]}}, "$expr.$and.0.$eq.0"),
        ({"$expr": {"$eq": ["$a..b", 1]}}, "$expr.$and.0.$eq.0"),
        ({"$expr": {"$map": {"input": "$a"}}}, "$expr.$and.0.$map"),
        ({"$expr": {"$map": {"input": "$a", "in": 1, "on": 2}}}, "$expr.$and.0.$map"),
        ({"$expr": {"$let": {"vars": {"CURRENT": 1}, "in": 1}}}, "$expr.$and.0.$let"),
        ({"$expr": {"$regexMatch": {"input": "$a", "regex": "$b"}}}, "$expr.$and.0.$regexMatch"),
        ({"$expr": {"$dateTrunc": {"date": "$a", "unit": "month"}}}, "$expr.$and.0.$dateTrunc"),
        ({"$expr": {"$year": {"date": "$a", "timezone": "Asia/Tokyo"}}}, "$expr.$and.0.$year"),
        ({"$expr": {"$trunc": ["$a", 1]}}, "$expr.$and.0.$trunc"),
        ({"$expr": {"$add": [1, "x"]}}, "$expr.$and.0.$add"),
    ],
)
def test_what_is_not_known_is_an_error_when_compiling(validator, where):
    with pytest.raises(NotEvaluated) as caught:
        compile_validator(validator)
    assert caught.value.where == where
    assert isinstance(caught.value, ModelerError)
    assert f"cannot be evaluated at {where}: " in str(caught.value)
    assert "Change that part, or count on the server" in str(caught.value)


def test_without_pymongo_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "bson", None)
    with pytest.raises(ConfigurationError, match="pip install pymongo"):
        package.compile_validator({})


def test_nothing_in_a_validator_becomes_code():
    name = "a'] or exit() or x['"
    evaluator = compile_validator(
        {"$jsonSchema": {"required": [name], "properties": {name: {"enum": [name, "\\"]}}},
         "$expr": {"$in": [f"${name}", ["\\", {"$literal": name}]]}}
    )  # fmt: skip
    assert evaluator.accepts({name: name})
    assert evaluator.accepts({name: "\\"})
    assert not evaluator.accepts({name: "a"})
