"""Plans, pure: what is there, what is wanted, on which server, gives which steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from modeler.mongo.apply.plan import plan
from modeler.mongo.apply.step import StepKind
from modeler.mongo.drift.live import LiveCollection, LiveIndex, LiveKind
from modeler.mongo.drift.target import Target
from modeler.mongo.index_spec import IndexSpec
from modeler.mongo.server_facts import Topology
from modeler.mongo.state import COLLECTION, Standing

from .samples import (
    NOW,
    NUMBER,
    ORDERS,
    RECENT,
    SCHEMA,
    STALE,
    VALIDATOR,
    WORDS,
    facts,
    live,
    live_index,
)

NINE = facts((9, 0, 1))
BARE = replace(ORDERS, indexes=())
OTHER = {"$jsonSchema": {"bsonType": "object"}}
PLAIN = IndexSpec("mdl_plain", NUMBER.keys, (), "orders_number_idx")
DONE = {"orders": Standing(applied=ORDERS)}


def made(target=ORDERS, held=None, server=None, state=None, **options):
    known = {target.name: Standing(applied=target), **(state or {})}
    return plan(
        (target,), {} if held is None else {held.name: held}, known, server or facts(), **options
    )


def kinds(*given, **options):
    return [
        f"{step.kind} {step.index}".strip() for step in made(*given, **options).steps
    ]  # fmt: skip


CLIMB = ["count offenders", "enforce"]
GUARANTEE = ["prepare constraint", "constrain"]
STRICT = {"validationLevel": "strict", "validationAction": "error"}
VALIDATORS = [
    ("missing", None, facts(), ["create", *CLIMB]),
    ("missing, on 9", None, NINE, ["create", *CLIMB, *GUARANTEE]),
    ("as specified", {}, facts(), []),
    ("as specified, said in full", STRICT, facts(), []),
    ("as specified, on 9", {}, NINE, GUARANTEE),
    ("9 in compatibility with 8", {}, facts((9, 0, 0), compatibility=(8, 0)), []),
    ("9 behind a mongos that does not say", {}, facts((9, 0, 0), compatibility=()), []),
    ("errors and logs", {"validationAction": "errorAndLog"}, facts(), []),
    ("warns", {"validationAction": "warn"}, facts(), CLIMB),
    ("moderate", {"validationLevel": "moderate"}, facts(), ["set validator", *CLIMB]),
    ("off", {"validationLevel": "off"}, facts(), ["set validator", *CLIMB]),
    ("no validator", {"validator": None}, facts(), ["set validator", *CLIMB]),
    ("another", {"validator": OTHER}, facts(), ["set validator", *CLIMB]),
    ("another, on 9", {"validator": OTHER}, NINE, ["set validator", *CLIMB, *GUARANTEE]),
    ("guaranteed", {"validationLevel": "constraint"}, NINE, []),
    (
        "another guaranteed",
        {"validator": OTHER, "validationLevel": "constraint"},
        NINE,
        ["lower level", "set validator", *CLIMB, *GUARANTEE],
    ),
    ("prepared", {"prepareConstraintValidationLevel": True}, NINE, ["constrain"]),
    (
        "another prepared",
        {"validator": OTHER, "prepareConstraintValidationLevel": True},
        NINE,
        ["lower level", "set validator", *CLIMB, *GUARANTEE],
    ),
]


@pytest.mark.parametrize(
    ("options", "server", "expected"), [v[1:] for v in VALIDATORS], ids=[v[0] for v in VALIDATORS]
)
def test_the_ladder_of_a_validator(options, server, expected):
    held = None if options is None else live(BARE, options=options)
    assert kinds(BARE, held, server) == expected


def test_a_guarantee_can_be_declined():
    assert kinds(BARE, live(BARE), NINE, guarantee=False) == []


def test_what_is_at_constraint_is_lowered_before_its_rules_change():
    held = live(BARE, options={"validator": OTHER, "validationLevel": "constraint"})
    first, second, *_ = made(BARE, held, NINE).steps
    assert first.command == {"collMod": "orders", "validationLevel": "strict"}
    assert second.command == {
        "collMod": "orders",
        "validator": VALIDATOR,
        "validationLevel": "strict",
        "validationAction": "warn",
    }
    assert second.undo == {**second.command, "validator": OTHER, "validationAction": "error"}


LONGER = {
    **VALIDATOR,
    "$jsonSchema": {
        **SCHEMA,
        "properties": {**SCHEMA["properties"], "number": {"bsonType": "string"}},
    },
}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"validator": None}, "it had none"),
        ({"validationLevel": "off"}, "the same rules, at level strict instead of off"),
        ({"validator": LONGER}, "maxLength of number, pattern of number change"),
        ({"validator": {"$jsonSchema": SCHEMA}},
         "the condition total_positive, the condition few_lines change"),
        ({"validator": {"$jsonSchema": SCHEMA, "$expr": VALIDATOR["$expr"]["$and"][1]}},
         "the condition total_positive changes"),
        ({"validator": OTHER},
         "the condition total_positive, the condition few_lines, additionalProperties, required, "
         "rules of _id and 10 more change"),
    ],
)  # fmt: skip
def test_it_is_said_which_rules_change(options, said):
    first, *_ = made(BARE, live(BARE, options=options)).steps
    assert first.sentence == f"Set the validator of orders, as a warning for now: {said}."


def held(*indexes, **changes):
    return live(indexes=indexes, **changes)


ALL = tuple(live_index(index) for index in ORDERS.indexes)
REST = ALL[1:]  # all but the unique one on number
FOREIGN = LiveIndex("by_hand", {"key": {"z": 1}, "name": "by_hand"})
OLD = live_index(IndexSpec("mdl_old", (("z", 1),), (), "gone"))
OLD_HIDDEN = replace(OLD, definition={**OLD.definition, "hidden": True})
INDEXES = [
    ("all there", held(*ALL), []),
    ("under another name", held(live_index(NUMBER, name="number_1"), *REST), []),
    ("none, empty", held(), [f"build index {i.name}" for i in ORDERS.indexes]),
    (
        "unique ones on documents are counted first",
        held(*ALL[1:3], *ALL[4:], documents=5),
        ["count duplicates mdl_number", "build index mdl_number",
         "count duplicates mdl_open", "build index mdl_open"],
    ),
    (
        "a plain one of ours becomes unique",
        held(live_index(PLAIN), *REST, documents=5),
        ["count duplicates mdl_plain", "prepare unique mdl_plain", "make unique mdl_plain"],
    ),
    (
        "which was begun",
        held(live_index(PLAIN, prepareUnique=True), *REST, documents=5),
        ["count duplicates mdl_plain", "make unique mdl_plain"],
    ),
    (
        "a plain one of others stays, ours is built beside it",
        held(live_index(PLAIN, name="number_1"), *REST),
        ["build index mdl_number"],
    ),
    (
        "prepared to be unique by mistake",
        held(ALL[0], live_index(RECENT, prepareUnique=True), *ALL[2:]),
        ["release unique mdl_recent"],
    ),
    ("hidden", held(live_index(NUMBER, hidden=True), *REST), ["show index mdl_number"]),
    ("being built", held(live_index(NUMBER, building=True), *REST), ["build index mdl_number"]),
    (
        "expires later",
        held(*ALL[:4], live_index(STALE, expireAfterSeconds=60), ALL[5]),
        ["set expiry mdl_stale"],
    ),
    (
        "expires never",
        held(*ALL[:4], live_index(STALE, expireAfterSeconds=None), ALL[5]),
        ["set expiry mdl_stale"],
    ),
    (
        "another text index of ours is replaced at once",
        held(*ALL[:2], live_index(WORDS, key={"_fts": "text", "_ftsx": 1},
                                  weights={"title": 1}), *ALL[3:]),
        ["hide index mdl_words", "drop index mdl_words", "build index mdl_words"],
    ),
    (
        "which was begun, too",
        held(*ALL[:2], live_index(WORDS, key={"_fts": "text", "_ftsx": 1},
                                  weights={"title": 1}, hidden=True), *ALL[3:]),
        ["drop index mdl_words", "build index mdl_words"],
    ),
    (
        "the name is taken by something else of ours",
        held(live_index(NUMBER, key={"z": 1}), *REST),
        ["build index mdl_number_2", "hide index mdl_number"],
    ),
    ("foreign", held(*ALL, FOREIGN), []),
    ("old", held(*ALL, OLD), ["hide index mdl_old"]),
    ("old, hidden by hand", held(*ALL, OLD_HIDDEN), ["note hidden mdl_old"]),
    (
        "old, deletes documents",
        held(*ALL, replace(OLD, definition={**OLD.definition, "expireAfterSeconds": 5})),
        ["set expiry mdl_old", "hide index mdl_old"],
    ),
    (
        "old, deletes nothing any more",
        held(*ALL, replace(OLD, definition={**OLD.definition, "expireAfterSeconds": 2**31 - 1})),
        ["hide index mdl_old"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("there", "expected"), [case[1:] for case in INDEXES], ids=[case[0] for case in INDEXES]
)
def test_the_way_of_indexes(there, expected):
    assert kinds(ORDERS, there) == expected


@pytest.mark.parametrize(
    ("days", "expected", "codes"),
    [(0, [], ["MS310"]), (6.99, [], ["MS310"]), (7, ["drop index mdl_old"], [])],
)
def test_an_old_index_is_dropped_after_its_days(days, expected, codes):
    since = NOW - timedelta(days=days)
    state = {"orders": Standing(applied=ORDERS, hidden=(("mdl_old", since),))}
    found = made(ORDERS, held(*ALL, OLD_HIDDEN), state=state)
    assert [f"{step.kind} {step.index}" for step in found.steps] == expected
    assert [note.code for note in found.notes] == codes


def test_without_days_it_is_hidden_and_dropped_in_one_run():
    assert kinds(ORDERS, held(*ALL, OLD), hidden_days=0) == [
        "hide index mdl_old",
        "drop index mdl_old",
    ]


NOTES = [
    ("foreign", held(*ALL, FOREIGN), facts(), {"MS309"}),
    ("capped", live(options={"capped": True}), facts(), {"MS311"}),
    ("a view", LiveCollection("orders", LiveKind.VIEW), facts(), {"MS302"}),
    ("a time series", LiveCollection("orders", LiveKind.TIME_SERIES), facts(), {"MS302"}),
    (
        "a text index of others",
        held(*ALL[:2], live_index(WORDS, name="words", weights={"a": 1}), *ALL[3:]),
        facts(),
        {"MS313", "MS309"},
    ),
    (
        "ours, hidden, of others",
        held(live_index(NUMBER, name="number_1", hidden=True), *REST),
        facts(),
        {"MS313"},
    ),
    (
        "sharded by another key",
        held(*ALL[1:3], *ALL[4:], shard_key=("email",)),
        facts(topology=Topology.SHARDED),
        {"MS312"},
    ),
    (
        "too many",
        held(*(LiveIndex(f"i{n}", {"key": {f"f{n}": 1}, "name": f"i{n}"}) for n in range(58))),
        facts(),
        {"MS309", "MS314"},
    ),
]


@pytest.mark.parametrize(
    ("there", "server", "codes"), [case[1:] for case in NOTES], ids=[case[0] for case in NOTES]
)
def test_what_is_left_alone_is_told(there, server, codes):
    found = made(ORDERS, there, server)
    assert {note.code for note in found.notes} == codes
    built = {step.index for step in found.steps if step.kind is StepKind.BUILD_INDEX}
    # Sharded by email, the index on email can be unique; the one on number cannot.
    assert built == ({"mdl_open"} if there.shard_key else set())


def test_the_state_s_own_collection_is_left_alone():
    found = plan((Target(COLLECTION, {}, ()),), {}, {}, facts())
    assert (found.steps, [note.code for note in found.notes]) == ((), ["MS302"])


def test_an_index_compares_bytes_in_a_collection_that_does_not():
    there = held(*ALL[:1], *ALL[2:], options={"collation": {"locale": "de"}})
    (build,) = made(ORDERS, there).steps
    assert build.command["indexes"] == [
        {
            "key": {"status": 1, "created": -1},
            "name": "mdl_recent",
            "collation": {"locale": "simple"},
        }
    ]


def test_what_was_applied_is_noted_once():
    found = plan((ORDERS,), {"orders": live()}, {}, facts())
    assert [step.kind for step in found.steps] == [StepKind.RECORD]
    assert plan((ORDERS,), {"orders": live()}, DONE, facts()).steps == ()


@pytest.mark.parametrize("days", [0, 7])
@pytest.mark.parametrize("there", [case[1] for case in (*INDEXES, *NOTES)])
def test_nothing_but_our_own_hidden_indexes_is_ever_dropped(there, days):
    hidden = {index.name for index in there.indexes if index.hidden}
    for step in made(ORDERS, there, hidden_days=days).steps:
        verb = next(iter(step.command))
        assert verb in {"collMod", "createIndexes", "dropIndexes", "aggregate", "update"}
        if step.kind is StepKind.HIDE_INDEX:
            hidden.add(step.index)
        if verb == "dropIndexes":
            assert step.command["index"].startswith("mdl_")
            assert step.command["index"] in hidden


def test_every_step_says_what_it_holds_up_and_how_to_go_back():
    held_now = held(live_index(PLAIN), *ALL[1:4], live_index(STALE, expireAfterSeconds=1), OLD,
                    documents=1_000, options={"validator": OTHER})  # fmt: skip
    for step in made(ORDERS, held_now, NINE).steps:
        assert step.sentence.endswith("."), step
        assert step.waits and step.back and not step.back.endswith("."), step
