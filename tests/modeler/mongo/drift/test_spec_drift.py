"""What the models changed since a collection was applied."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.errors import FormatError
from modeler.mongo.drift.report import drift
from modeler.mongo.drift.spec import left_over, spec_drift
from modeler.mongo.drift.target import from_json, targets_of, to_json
from modeler.mongo.index_spec import IndexSpec
from modeler.mongo.spec import collection_specs
from modeler.mongo.state import Standing
from modeler.schema.registry import read_registry
from tests.modeler.mongo.apply.samples import NUMBER, ORDERS, SCHEMA, VALIDATOR, live


def with_schema(**changes):
    return replace(ORDERS, validator={**VALIDATOR, "$jsonSchema": {**SCHEMA, **changes}})


FIELDS = SCHEMA["properties"]
CASES = [
    ("nothing", ORDERS, []),
    (
        "a field became longer",
        with_schema(properties={**FIELDS, "number": {**FIELDS["number"], "maxLength": 30}}),
        [("MS321", "orders.number", "maxLength of number", ("20", "30"))],
    ),
    (
        "a field came",
        with_schema(properties={**FIELDS, "new": {"bsonType": "int"}}),
        [("MS321", "orders.new", "rules of new", ("–", '{"bsonType": ["int"]}'))],
    ),
    (
        "a field may be missing",
        with_schema(required=SCHEMA["required"][:-1]),
        [("MS321", "orders.lines", "required of lines", ("true", "–"))],
    ),
]


@pytest.mark.parametrize(("today", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_changed_rules_are_named(today, expected):
    found = spec_drift(ORDERS, today)
    assert [
        (
            f.code,
            f.subject,
            f.message.partition("applied: ")[2][:-1],
            tuple(v for _, v in f.evidence),
        )
        for f in found
    ] == expected


def test_changed_indexes_are_named():
    other = IndexSpec("mdl_other", (("number", 1),), (), "orders_number_idx")
    today = replace(ORDERS, indexes=(other, *ORDERS.indexes[1:]))
    assert [(f.code, f.message) for f in spec_drift(ORDERS, today)] == [
        ("MS322", "The models removed the unique index on (number 1) since orders was applied, "
                  "from orders_number_key."),
        ("MS322", "The models added the index on (number 1) since orders was applied, "
                  "from orders_number_idx."),
    ]  # fmt: skip
    # A new name alone is no change.
    assert spec_drift(ORDERS, replace(ORDERS, indexes=(
        replace(NUMBER, name="mdl_anew"), *ORDERS.indexes[1:]))) == ()  # fmt: skip


def test_what_was_never_applied_and_what_no_model_gives_is_said():
    assert [f.code for f in spec_drift(None, ORDERS)] == ["MS323"]
    found = left_over({"orders": ORDERS, "old": ORDERS}, ["orders"])
    assert [(f.code, f.subject) for f in found] == [("MS324", "old")]


def test_a_change_of_the_models_is_no_fault_of_the_server():
    """The server is compared with what was applied, and that with the models."""
    today = with_schema(required=SCHEMA["required"][:-1])
    state = {"orders": Standing(applied=ORDERS)}
    found = drift((today,), {"orders": live()}, state, whole=True)
    assert (found.live.findings, [f.code for f in found.models.findings]) == ((), ["MS321"])
    # What was never applied is compared with the models alone.
    found = drift((today,), {"orders": live()}, {}, whole=True)
    assert [f.code for f in found.live.findings] == ["MS304"]
    assert [f.code for f in found.models.findings] == ["MS323"]


def test_an_apply_that_stopped_on_its_way_is_no_fault_of_the_server_either():
    today = with_schema(required=SCHEMA["required"][:-1])
    warning = live(today, options={"validationAction": "warn"})
    found = drift((today,), {"orders": warning}, {"orders": Standing(applied=ORDERS)}, whole=True)
    assert [f.code for f in found.live.findings] == ["MS305"]
    assert [f.code for f in found.models.findings] == ["MS321"]


def test_what_is_stored_is_read_back_whole():
    for target in (ORDERS, *targets_of(collection_specs(read_registry()))):
        assert to_json(from_json(to_json(target))) == to_json(target)
        assert spec_drift(from_json(to_json(target)), target) == ()


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "3", to_json(ORDERS).replace('"version": 1', '"version": 2')]
)
def test_what_cannot_be_read_is_said(text):
    with pytest.raises(FormatError, match="stored collection"):
        from_json(text)
