"""Applies on a real MongoDB: what stops them, what they leave, how they go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from bson import Decimal128
from pymongo.errors import DuplicateKeyError, WriteError

from modeler.mongo.apply.progress import Outcome
from modeler.mongo.apply.run import apply
from modeler.mongo.drift.target import Target
from modeler.mongo.index_spec import IndexSpec
from modeler.mongo.state import COLLECTION, read_state

from .rounds import applied, drift, planned
from .samples import NUMBER, ORDERS, RECENT, SCHEMA, STALE, VALIDATOR, WORDS, order

BARE = replace(ORDERS, indexes=())


def outcomes(progress):
    return [
        f"{p.outcome} {p.step.kind}" for p in progress if p.outcome is not Outcome.DONE
    ]  # fmt: skip


def halt(progress):
    (found,) = [p for p in progress if p.outcome is Outcome.STOPPED]
    return found


def groups_of(stop):
    return [sorted(int(i["$numberInt"]) for i in group) for group in stop.offenders.ids]


def names(database):
    return {index["name"] for index in database.orders.list_indexes()} - {"_id_"}


def test_a_second_run_does_nothing(database):
    assert outcomes(applied([ORDERS], database)) == []
    before = list(database[COLLECTION].find())
    assert planned([ORDERS], database).steps == ()
    assert applied([ORDERS], database) == []
    assert list(database[COLLECTION].find()) == before
    database.orders.insert_one(order(1))
    with pytest.raises(WriteError):
        database.orders.insert_one(order(2, status="lost"))
    assert drift([ORDERS], database) == []


def test_what_the_sync_keeps_in_the_same_state_is_left_alone(database):
    other = {"_id": {"export": "orders"}, "left": []}
    database[COLLECTION].insert_one(other)
    applied([ORDERS], database)
    assert set(read_state(database)) == {"orders"}
    assert database[COLLECTION].find_one({"_id": other["_id"]}) == other


def test_offenders_stop_it_with_their_keys_and_rules(database):
    other = Target("others", VALIDATOR)
    database.orders.insert_many(
        [order(1), order(2, status="lost"), order(3, surplus=1), order(4, total=Decimal128("-1"))]
    )
    progress = applied([BARE, other], database)
    assert outcomes(progress) == ["stopped count offenders", "left enforce", "left record"]
    stop = halt(progress)
    assert (stop.said, stop.step.collection) == (
        "3 documents of orders would be refused.",
        "orders",
    )
    assert stop.offenders.ids == ({"$numberInt": "2"}, {"$numberInt": "3"}, {"$numberInt": "4"})
    assert stop.offenders.rules == (
        "the rules of status",
        "the rules of total",
        "it has fields that are not specified",
        "the condition total_positive",
    )
    assert "warns" in stop.next_step
    # Mended, the next run finishes; the other collection was not held up.
    assert drift([other], database) == []
    database.orders.delete_many({"_id": {"$in": [2, 3, 4]}})
    assert outcomes(applied([BARE, other], database)) == []
    assert drift([BARE, other], database) == []


@pytest.mark.parametrize("place", [0, 1, 20, 38])
def test_a_value_on_which_an_expression_fails_is_found(database, place):
    documents = [order(n) for n in range(39)]
    documents[place]["lines"] = "none"
    database.orders.insert_many(documents)
    # The schema says what is wrong, so that the expression need not.
    stop = halt(applied([BARE], database))
    assert stop.said == (
        "At least 1 document of orders would be refused; an expression fails on some of them (The "
        "argument to $size must be an array, but was of type: string); mend these first."
    )
    assert (stop.offenders.ids, stop.offenders.rules) == (
        ({"$numberInt": str(place)},),
        ("the rules of lines",),
    )
    # Without a schema, the expression is named, and the first document on which it fails.
    loose = Target("orders", {"$expr": VALIDATOR["$expr"]})
    stop = halt(applied([loose], database))
    assert stop.offenders.ids == ({"$numberInt": str(place)},)
    assert stop.offenders.rules == ("expression 2 of 2",)
    assert "cannot be evaluated" in stop.said


TWINS = [
    ("two values", NUMBER, [order(1), order(2, number="A1"), order(3)], [[1, 2]]),
    ("missing and null", NUMBER, [order(1, number=None), {"_id": 2}], [[1, 2]]),
    ("an int and a double", NUMBER, [order(1, number=1), order(2, number=1.0)], [[1, 2]]),
    (
        "in arrays of two documents",
        IndexSpec("mdl_sku", (("lines.sku", 1),), (("unique", True),), "s"),
        [order(1), order(2, lines=[{"sku": "y"}, {"sku": "x"}]), order(3, lines=[])],
        [[1, 2]],
    ),
    (
        "letters of another case under a collation",
        IndexSpec(
            "mdl_email",
            (("email", 1),),
            (("collation", {"locale": "en", "strength": 2}), ("unique", True)),
            "e",
        ),
        [order(1, email="a"), order(2, email="A"), order(3, email="ä")],
        [[1, 2]],
    ),
]
DIFFERENT = [
    ("two letters of a case each", NUMBER, [order(1, number="a"), order(2, number="A")]),
    (
        "twice in one document",
        IndexSpec("mdl_sku", (("lines.sku", 1),), (("unique", True),), "s"),
        [order(1, lines=[{"sku": "x"}, {"sku": "x"}]), order(2, lines=[{"sku": "y"}])],
    ),
    (
        "twins that the condition leaves out",
        IndexSpec(
            "mdl_part",
            (("status", 1),),
            (("partialFilterExpression", {"total": {"$gt": 5}}), ("unique", True)),
            "p",
        ),
        [order(1), order(2)],
    ),
]


@pytest.mark.parametrize(
    ("index", "documents", "groups"), [case[1:] for case in TWINS], ids=[case[0] for case in TWINS]
)
def test_duplicates_stop_a_unique_index(database, index, documents, groups):
    database.orders.insert_many(documents)
    target = Target("orders", {}, (index,))
    stop = halt(applied([target], database))
    assert stop.step.kind == "count duplicates"
    assert groups_of(stop) == groups
    assert stop.said.startswith("1 value is in several documents of orders")
    # The server agrees with the count.
    with pytest.raises(DuplicateKeyError):
        database.command(planned_build(target, database))
    database.orders.delete_one({"_id": 2})
    assert outcomes(applied([target], database)) == []


def planned_build(target, database):
    return next(
        step.command
        for step in planned([target], database).steps
        if step.kind == "build index"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("index", "documents"), [case[1:] for case in DIFFERENT], ids=[case[0] for case in DIFFERENT]
)
def test_what_is_no_duplicate_stops_nothing(database, index, documents):
    database.orders.insert_many(documents)
    assert outcomes(applied([Target("orders", {}, (index,))], database)) == []


def test_a_plain_index_becomes_unique_in_place(database):
    plain = IndexSpec("mdl_plain", NUMBER.keys, (), "i")
    applied([Target("orders", {}, (plain,))], database)
    database.orders.insert_many([order(1), order(2, number="A1")])
    unique = Target("orders", {}, (NUMBER,))
    assert groups_of(halt(applied([unique], database))) == [[1, 2]]
    database.orders.delete_one({"_id": 2})
    steps = planned([unique], database).steps
    assert [str(step.kind) for step in steps][:3] == [
        "count duplicates",
        "prepare unique",
        "make unique",
    ]
    # A duplicate that comes between the count and the preparation is found by the server.
    run = apply(planned([unique], database), database)
    next(run)
    database.orders.insert_one(order(2, number="A1"))
    next(run)
    with pytest.raises(DuplicateKeyError):
        database.orders.insert_one(order(3, number="A1"))
    stop = next(run)
    assert (stop.outcome, stop.step.kind) == (Outcome.STOPPED, "make unique")
    assert groups_of(stop) == [[1, 2]]
    database.orders.delete_one({"_id": 2})
    assert outcomes(applied([unique], database)) == []
    assert names(database) == {"mdl_plain"}
    assert drift([unique], database) == []


def test_an_index_that_deletes_is_changed_in_place_and_stopped_at_once(database):
    applied([Target("orders", {}, (STALE,))], database)
    sooner = replace(STALE, name="mdl_sooner", options=(("expireAfterSeconds", 60),))
    applied([Target("orders", {}, (sooner,))], database)
    (index,) = [i for i in database.orders.list_indexes() if i["name"] == "mdl_stale"]
    assert (index["expireAfterSeconds"], names(database)) == (60, {"mdl_stale"})
    assert drift([Target("orders", {}, (sooner,))], database) == []
    # On the same key without a time, it stays and deletes nothing.
    plain = Target("orders", {}, (replace(STALE, name="mdl_seen", options=()),))
    applied([plain], database)
    assert drift([plain], database) == []
    assert planned([plain], database).steps == ()
    # No longer specified, it deletes nothing while it is hidden.
    applied([Target("orders", {}, (STALE,))], database)
    assert drift([Target("orders", {}, (STALE,))], database) == []
    applied([Target("orders", {})], database)
    (index,) = [i for i in database.orders.list_indexes() if i["name"] == "mdl_stale"]
    assert (index["expireAfterSeconds"], index["hidden"]) == (2**31 - 1, True)


def test_an_old_index_is_hidden_then_dropped_and_foreign_ones_stay(database):
    applied([ORDERS], database)
    database.orders.create_index([("z", 1)], name="by_hand")
    less = replace(ORDERS, indexes=tuple(i for i in ORDERS.indexes if i != RECENT))
    progress = applied([less], database)
    assert [str(p.step.kind) for p in progress] == ["hide index", "record"]
    assert sorted((n.code, n.subject) for n in planned([less], database).notes) == [
        ("MS309", "orders.by_hand"),
        ("MS310", "orders.mdl_recent"),
    ]
    assert planned([less], database).steps == ()
    # Wanted again before its days are over, it is shown, and forgotten as hidden.
    assert [str(p.step.kind) for p in applied([ORDERS], database)] == ["show index", "record"]
    assert database[COLLECTION].find_one({"_id": {"collection": "orders"}})["hidden"] == []
    applied([less], database)
    since = datetime.now(UTC) - timedelta(days=8)
    database[COLLECTION].update_one(
        {"_id": {"collection": "orders"}}, {"$set": {"hidden.0.since": since}}
    )
    assert [str(p.step.kind) for p in applied([less], database)] == ["drop index"]
    assert names(database) == {i.name for i in less.indexes} | {"by_hand"}
    assert drift([less], database)[0].code == "MS309"


def test_another_text_index_takes_the_place_of_ours(database):
    applied([ORDERS], database)
    database.orders.insert_one(order(1, title="red shoes"))
    fewer = replace(WORDS, name="mdl_title", keys=(("title", "text"),))
    target = replace(ORDERS, indexes=(NUMBER, fewer))
    assert outcomes(applied([target], database)) == []
    assert database.orders.count_documents({"$text": {"$search": "shoes"}}) == 1
    assert {"mdl_title"} <= names(database)
    assert "mdl_words" not in names(database)


@pytest.mark.parametrize(
    ("options", "code"),
    [({"viewOn": "a"}, "MS302"), ({"timeseries": {"timeField": "t"}}, "MS302")],
)
def test_what_is_no_collection_is_left_alone(database, options, code):
    database.command({"create": "orders", **options})
    found = planned([ORDERS, Target("others", VALIDATOR)], database)
    assert [note.code for note in found.notes] == [code]
    assert found.collections == ("others",)
    assert [f.code for f in drift([ORDERS], database)] == [code]


def test_capped_collections_and_those_with_a_collation_are_applied_and_said(database):
    database.create_collection("orders", capped=True, size=4096, collation={"locale": "de"})
    target = replace(ORDERS, indexes=tuple(i for i in ORDERS.indexes if i != STALE))
    assert outcomes(applied([target], database)) == []
    assert [f.code for f in drift([target], database)] == ["MS311"]


def test_what_the_server_refuses_is_one_sentence(database):
    wrong = Target("orders", {"$jsonSchema": {"bsonType": "whole"}})
    stop = halt(applied([wrong], database))
    assert stop.said == ("MongoDB refused (code 2): Unknown type name alias: whole.")


def document_states(database):
    """All that a run leaves, times aside."""
    (options,) = [c["options"] for c in database.list_collections(filter={"name": "orders"})]
    indexes = sorted(map(repr, database.orders.list_indexes()))
    state = database[COLLECTION].find_one({"_id": {"collection": "orders"}}) or {}
    return options, indexes, state.get("spec"), [h["index"] for h in state.get("hidden", ())]


FROM = Target(
    "orders",
    {"$jsonSchema": {**SCHEMA, "additionalProperties": True}},
    (
        IndexSpec("mdl_plain", NUMBER.keys, (), "i"),
        replace(WORDS, name="mdl_title", keys=(("title", "text"),)),
        replace(STALE, name="mdl_later", options=(("expireAfterSeconds", 9999),)),
        IndexSpec("mdl_old", (("z", 1),), (), "old"),
    ),
)


@pytest.fixture
def changed(database):
    """The collection as it was specified before, with documents."""
    applied([FROM], database)
    database.orders.insert_many([order(n) for n in range(5)])
    return database


def test_killed_after_any_step_the_next_run_finishes(mongo_client, database):
    steps = len(planned([ORDERS], database).steps)
    assert steps == 10
    applied([ORDERS], database)
    expected = document_states(database)
    try:
        for after in range(1, steps):
            mongo_client.drop_database("killed")
            again = mongo_client["killed"]
            run = apply(planned([ORDERS], again), again)
            for _ in range(after):
                next(run)
            run.close()
            assert outcomes(applied([ORDERS], again)) == []
            assert document_states(again) == expected, f"killed after step {after}"
            assert planned([ORDERS], again).steps == ()
            assert drift([ORDERS], again) == []
    finally:
        mongo_client.drop_database("killed")


def test_a_change_killed_after_every_step_ends_as_one_that_was_not(mongo_client, changed):
    """Every run does one step that writes and is killed; the next one plans anew."""
    runs = []
    while steps := planned([ORDERS], changed).steps:
        run = apply(planned([ORDERS], changed), changed)
        step = next(one.step for one in run if not one.step.kind.reads)
        run.close()
        runs.append(step.kind)
        assert len(runs) < 40, steps
    assert {"set validator", "make unique", "drop index", "hide index", "enforce"} <= set(runs)
    chopped = document_states(changed)
    mongo_client.drop_database(changed.name)
    applied([FROM], changed)
    applied([ORDERS], changed)
    assert document_states(changed) == chopped
    assert [f.code for f in drift([ORDERS], changed)] == ["MS310"]
