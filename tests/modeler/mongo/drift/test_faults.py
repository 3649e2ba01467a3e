"""Planted faults: each is found alone and named, and what is no fault is not found."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from bson import Decimal128, Int64

from modeler.mongo.extended import to_bson
from tests.modeler.mongo.apply.rounds import applied, drift, planned
from tests.modeler.mongo.apply.samples import ORDERS, VALIDATOR


@pytest.fixture(scope="module")
def database(mongo_client):
    """One for all faults: to drop a database takes longer than to make its collection anew."""
    yield mongo_client["faults"]
    mongo_client.drop_database("faults")


@pytest.fixture
def orders(database):
    database.orders.drop()
    applied([ORDERS], database)
    return database.orders


def found(orders):
    return [(f.code, f.subject, f.message) for f in drift([ORDERS], orders.database)]


def edited(change) -> dict[str, Any]:
    """The validator after a change in place, which may replace it as well."""
    changed = copy.deepcopy(to_bson(VALIDATOR))
    return change(changed) or changed


def set_validator(change):
    def plant(orders):
        orders.database.command("collMod", orders.name, validator=edited(change))

    return plant


def prop(name, **rules):
    """Change or, by None, remove keywords of a field; ``lines[]`` is inside the array."""

    def change(validator):
        held = validator["$jsonSchema"]
        for part in name.split("."):
            held = held["properties"][part.removesuffix("[]")]
            if part.endswith("[]"):
                held = held["items"]
        for keyword, value in rules.items():
            if value is None:
                del held[keyword]
            else:
                held[keyword] = value

    return set_validator(change)


def schema(change):
    return set_validator(lambda validator: change(validator["$jsonSchema"]) and None)


def expression(change):
    return set_validator(lambda validator: change(validator["$expr"]["$and"]) and None)


def index(name, keys, **options):
    """Build an index anew under its name, otherwise."""

    def plant(orders):
        orders.drop_index(name)
        orders.create_index(keys, name=name, **options)

    return plant


def modify(**change):
    return lambda orders: orders.database.command("collMod", orders.name, **change)


def again_as(database_options):
    """Drop the collection and make it again as something else, with all that fits."""

    def plant(orders):
        orders.drop()
        orders.database.create_collection("orders", **database_options)

    return plant


NUMBER_KEY, OPEN_FILTER = [("number", 1)], {"created": {"$gte": 0}}
FAULTS = [
    ("dropped", lambda o: o.drop(), "MS301", "orders", "The collection orders is not there."),
    (
        "a view",
        again_as({"viewOn": "others"}),
        "MS302", "orders",
        "orders is a view, which cannot have a validator; nothing is done with it.",
    ),
    (
        "no validator",
        modify(validator={}),
        "MS303", "orders", "orders has no validator, so that any document passes.",
    ),
    ("longer", prop("number", maxLength=21), "MS304", "orders.number",
     "A rule differs: maxLength of number in orders."),
    ("any length", prop("number", maxLength=None), "MS304", "orders.number",
     "A rule is missing: maxLength of number in orders."),
    ("another pattern", prop("number", pattern="^[A-Z]*"), "MS304", "orders.number",
     "A rule differs: pattern of number in orders."),
    ("one choice more", prop("status", enum=["open", "paid", "gone", "lost"]), "MS304",
     "orders.status", "A rule differs: enum of status in orders."),
    ("null allowed", prop("status", bsonType=["string", "null"]), "MS304", "orders.status",
     "A rule differs: bsonType of status in orders."),
    ("doubles", prop("total", bsonType="double"), "MS304", "orders.total",
     "A rule differs: bsonType of total in orders."),
    ("scale", prop("total", multipleOf=Decimal128("0.001")), "MS304", "orders.total",
     "A rule differs: multipleOf of total in orders."),
    ("exclusive", prop("total", exclusiveMinimum=True), "MS304", "orders.total",
     "A rule was added: exclusiveMinimum of total in orders."),
    ("64 bits", prop("count", maximum=Int64(2**33)), "MS304", "orders.count",
     "A rule differs: maximum of count in orders."),
    ("within an array", prop("lines[].sku", maxLength=9), "MS304", "orders.lines[].sku",
     "A rule differs: maxLength of lines[].sku in orders."),
    ("open within an array", prop("lines[]", additionalProperties=True), "MS304",
     "orders.lines[]", "A rule is missing: additionalProperties of lines[] in orders."),
    ("not required", schema(lambda s: s["required"].remove("total")), "MS304", "orders.total",
     "A rule is missing: required of total in orders."),
    ("required", schema(lambda s: s["required"].append("note")), "MS304", "orders.note",
     "A rule was added: required of note in orders."),
    ("an unknown field", schema(lambda s: s["properties"].update(x={"bsonType": "int"})),
     "MS304", "orders.x", "A rule was added: rules of x in orders."),
    ("a forgotten field", schema(lambda s: s["properties"].__delitem__("note")), "MS304",
     "orders.note", "A rule is missing: rules of note in orders."),
    ("any field", schema(lambda s: s.update(additionalProperties=True)), "MS304",
     "orders", "A rule is missing: additionalProperties in orders."),
    ("a check gone", expression(lambda parts: parts.pop()), "MS304", "orders",
     "A rule is missing: the condition few_lines in orders."),
    ("a check more", expression(lambda parts: parts.append({"$ne": ["$a", "$b"]})), "MS304",
     "orders", "A rule was added: $expr in orders."),
    ("one check alone", set_validator(lambda v: {"$jsonSchema": v["$jsonSchema"],
                                           "$expr": v["$expr"]["$and"][0]}), "MS304", "orders",
     "A rule is missing: the condition few_lines in orders."),
    ("a condition beside", set_validator(lambda v: v.update(z={"$exists": False})), "MS304",
     "orders", "A rule was added: z in orders."),
    ("off", modify(validationLevel="off"), "MS305", "orders",
     "orders asks no write at all (level off)."),
    ("moderate", modify(validationLevel="moderate"), "MS305", "orders",
     "orders lets updates of documents that break its rules pass (level moderate)."),
    ("warns", modify(validationAction="warn"), "MS305", "orders",
     "orders warns, and refuses nothing (action warn)."),
    ("an index gone", lambda o: o.drop_index("mdl_recent"), "MS306", "orders.mdl_recent",
     "The index on (status 1, created -1), from orders_recent, is missing in orders."),
    ("a unique index gone", lambda o: o.drop_index("mdl_number"), "MS306", "orders.mdl_number",
     "The unique index on (number 1), from orders_number_key, is missing in orders."),
    ("not unique", index("mdl_number", NUMBER_KEY), "MS307", "orders.mdl_number",
     "The index mdl_number of orders, from orders_number_key, differs in unique."),
    ("sparse", index("mdl_number", NUMBER_KEY, unique=True, sparse=True), "MS307",
     "orders.mdl_number",
     "The index mdl_number of orders, from orders_number_key, differs in sparse."),
    ("keys in another order", index("mdl_recent", [("created", -1), ("status", 1)]), "MS307",
     "orders.mdl_recent", "The index mdl_recent of orders, from orders_recent, differs in keys."),
    ("another direction", index("mdl_recent", [("status", 1), ("created", 1)]), "MS307",
     "orders.mdl_recent", "The index mdl_recent of orders, from orders_recent, differs in keys."),
    ("another collation",
     index("mdl_open", [("email", 1)], unique=True, collation={"locale": "en", "strength": 1},
           partialFilterExpression=to_bson(dict(ORDERS.indexes[3].options)
                                           ["partialFilterExpression"])),
     "MS307", "orders.mdl_open",
     "The index mdl_open of orders, from orders_open_email, differs in collation."),
    ("case, by a default of the collation",
     index("mdl_open", [("email", 1)], unique=True,
           collation={"locale": "en", "strength": 2, "caseLevel": True},
           partialFilterExpression=to_bson(dict(ORDERS.indexes[3].options)
                                           ["partialFilterExpression"])),
     "MS307", "orders.mdl_open",
     "The index mdl_open of orders, from orders_open_email, differs in collation."),
    ("another condition",
     index("mdl_open", [("email", 1)], unique=True, collation={"locale": "en", "strength": 2},
           partialFilterExpression=OPEN_FILTER),
     "MS307", "orders.mdl_open",
     "The index mdl_open of orders, from orders_open_email, differs in partialFilterExpression."),
    ("sooner", modify(index={"name": "mdl_stale", "expireAfterSeconds": 5}), "MS307",
     "orders.mdl_stale",
     "The index mdl_stale of orders, from orders_stale, differs in expireAfterSeconds."),
    ("weights", index("mdl_words", [("title", "text"), ("note", "text")],
                      weights={"title": 5}, default_language="none"),
     "MS307", "orders.mdl_words",
     "The index mdl_words of orders, from words, differs in weights."),
    ("language", index("mdl_words", [("title", "text"), ("note", "text")]), "MS307",
     "orders.mdl_words",
     "The index mdl_words of orders, from words, differs in default_language."),
    ("hidden", modify(index={"name": "mdl_recent", "hidden": True}), "MS308",
     "orders.mdl_recent",
     "The index mdl_recent of orders is hidden, so that no query uses it."),
    ("prepared", modify(index={"name": "mdl_recent", "prepareUnique": True}), "MS308",
     "orders.mdl_recent",
     "The index mdl_recent of orders refuses duplicates, since it is prepared to become unique."),
    ("a foreign index", lambda o: o.create_index([("z", 1)], name="z_1"), "MS309", "orders.z_1",
     "The index z_1 of orders is not modeler's; it is left as it is."),
    ("an old index", lambda o: o.create_index([("z", 1)], name="mdl_z"), "MS310",
     "orders.mdl_z", "The index mdl_z of orders is no longer specified."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("plant", "code", "subject", "message"),
    [fault[1:] for fault in FAULTS],
    ids=[fault[0] for fault in FAULTS],
)
def test_a_planted_fault_is_found_alone_and_named(orders, plant, code, subject, message):
    assert found(orders) == []
    plant(orders)
    assert found(orders) == [(code, subject, message)]


def by_shell(validator):
    """Whole numbers as a shell sends them, sets in another order, keys in another order."""
    held = validator["$jsonSchema"]
    held["required"] = held["required"][::-1]
    held["properties"] = dict(reversed(held["properties"].items()))
    held["properties"]["status"]["enum"].reverse()
    held["properties"]["note"]["bsonType"].reverse()
    held["properties"]["_id"]["bsonType"].reverse()
    held["properties"]["number"] = {
        "pattern": "^[A-Z]+", "maxLength": 20.0, "bsonType": ["string"],
    }  # fmt: skip
    held["properties"]["lines"]["items"]["properties"]["qty"]["minimum"] = Int64(1)
    held["properties"]["count"]["maximum"] = float(2**32)
    held["properties"]["total"]["multipleOf"] = Decimal128("0.010")
    validator["$expr"]["$and"][1]["$lte"][1] = 100.0
    validator["$expr"]["$and"].reverse()
    return dict(reversed(validator.items()))


def renamed(orders):
    orders.drop_index("mdl_recent")
    keys = {"status": 1.0, "created": Int64(-1)}
    listed = [{"key": keys, "name": "by_hand", "sparse": False}]
    orders.database.command("createIndexes", "orders", indexes=listed)


HARMLESS = [
    ("written by a shell", set_validator(by_shell)),
    ("an index under another name", renamed),
    (
        "a collation in full",
        index("mdl_open", [("email", 1)], unique=True,
              collation={"locale": "en", "strength": 2, "caseLevel": False, "caseFirst": "off"},
              partialFilterExpression=to_bson(dict(ORDERS.indexes[3].options)
                                              ["partialFilterExpression"])),
    ),
    (
        "text fields in another order, weights in full",
        index("mdl_words", [("note", "text"), ("title", "text")],
              weights={"title": 1, "note": 1}, default_language="none"),
    ),
    ("defaults said", modify(validationLevel="strict", validationAction="error")),
]  # fmt: skip


@pytest.mark.parametrize(
    "plant", [case[1] for case in HARMLESS], ids=[case[0] for case in HARMLESS]
)
def test_what_means_the_same_is_no_fault_and_nothing_to_do(orders, plant):
    plant(orders)
    assert found(orders) == []
    assert planned([ORDERS], orders.database).steps == ()
