"""The form in which validators are compared: indifferent to spelling, not to meaning."""

from __future__ import annotations

import copy

from hypothesis import given
from hypothesis import strategies as st

from modeler.mongo.drift.normal_validator import normal_validator
from modeler.mongo.drift.rules import rule_differences
from modeler.mongo.extended import canonical
from tests.modeler.mongo.apply.samples import VALIDATOR

NAMES = st.sampled_from(["a", "b", "required", "enum", "properties", "$dec"])
TYPES = st.lists(st.sampled_from(["int", "long", "string", "null"]), min_size=1, unique=True)
BOUNDS = st.integers(-(2**40), 2**40)
LEAVES = st.fixed_dictionaries(
    {"bsonType": TYPES},
    optional={
        "minimum": BOUNDS.map(lambda n: {"$numberLong": str(n)}),
        "maxLength": st.integers(0, 99),
        "enum": st.lists(st.text("abé$", max_size=3), min_size=1, unique=True),
    },
)


def objects(inner):
    return st.fixed_dictionaries(
        {"properties": st.dictionaries(NAMES, inner, max_size=3)},
        optional={
            "required": st.lists(NAMES, min_size=1, unique=True),
            "items": inner,
            "allOf": st.lists(inner, min_size=1, max_size=2),
        },
    )


SCHEMAS = st.recursive(LEAVES, objects, max_leaves=6)


def respelt(value, draw, *, inside=""):
    """The same schema with keys, sets and numbers spelt otherwise."""
    if isinstance(value, dict):
        if set(value) == {"$numberLong"}:
            return draw(st.sampled_from([value, {"$numberDouble": value["$numberLong"]}]))
        items = draw(st.permutations(list(value.items())))
        named = inside == "properties"
        return {k: respelt(v, draw, inside="" if named else k) for k, v in items}
    if isinstance(value, list):
        if inside in ("required", "enum", "bsonType"):
            return draw(st.permutations(value))
        return [respelt(part, draw) for part in value]
    return {"$numberInt": str(value)} if isinstance(value, int) and draw(st.booleans()) else value


@given(SCHEMAS, st.data())
def test_spelling_makes_no_difference(schema, data):
    other = respelt(copy.deepcopy(schema), data.draw)
    assert rule_differences({"$jsonSchema": schema}, {"$jsonSchema": other}) == ()


@given(SCHEMAS, SCHEMAS)
def test_two_schemas_differ_in_rules_exactly_when_their_forms_do(one, other):
    one, other = {"$jsonSchema": one}, {"$jsonSchema": other}
    same = normal_validator(one) == normal_validator(other)
    forth, back = rule_differences(one, other), rule_differences(other, one)
    assert (forth == ()) == same
    turned = [(d.path, d.keyword, d.new, d.old) for d in back]
    assert sorted(turned) == sorted((d.path, d.keyword, d.old, d.new) for d in forth)


@given(SCHEMAS)
def test_what_a_server_was_sent_is_what_was_written(schema):
    assert rule_differences({"$jsonSchema": schema}, canonical({"$jsonSchema": schema})) == ()


def test_decimals_are_told_from_other_numbers():
    tight = {"$jsonSchema": {"minimum": {"$numberDecimal": "1"}}}
    loose = {"$jsonSchema": {"minimum": 1}}
    assert [d.rule() for d in rule_differences(tight, loose)] == ["minimum"]


def test_nothing_of_a_given_validator_is_changed():
    before = copy.deepcopy(VALIDATOR)
    rule_differences(VALIDATOR, {})
    assert before == VALIDATOR
