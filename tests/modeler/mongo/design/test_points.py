"""Each rule of the points, and each veto: flagged, clean, and at its limit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.points import reasons, vetoes
from modeler.mongo.design.weights import KIB, MIB, Weights

BARE = Inputs(null=False, on_delete="DO_NOTHING")
FEW = {"p50": 1.0, "p95": 1.0, "p99": 1.0, "maximum": 1.0}


def points(inputs: Inputs) -> dict[str, int]:
    return {one.slug: one.points for one in reasons(inputs, Weights()) if one.points}


@pytest.mark.parametrize(
    ("changed", "more"),
    [
        ({}, {}),
        ({"one_to_one": True}, {"one_to_one": 4}),
        ({"in_key": True}, {"in_key": 3}),
        ({"inline": True}, {"inline": 3}),
        ({"on_delete": "CASCADE"}, {"cascade": 2}),
        ({"on_delete": "DB_CASCADE"}, {"cascade": 2}),
        ({"on_delete": "PROTECT"}, {"protect": -1}),
        ({"on_delete": "RESTRICT"}, {"protect": -1}),
        ({"on_delete": "SET_NULL"}, {"set_null": -3}),
        ({"named_after": True}, {"named_after": 2}),
        ({"referenced_by": 1}, {"referenced_once": -3}),
        ({"referenced_by": 2}, {"referenced_more": -5}),
        ({"referenced_by": 9}, {"referenced_more": -5}),
        ({"other_keys": 1}, {"other_key": -1}),
        ({"other_keys": 2}, {"other_key": -2}),
        ({"other_keys": 7}, {"other_key": -2}),
        ({"own_admin": True}, {"own_admin": -2}),
        ({"own_page": True}, {"own_page": -1}),
        ({"late": 0.2}, {}),
        ({"late": 0.21}, {"late": -3}),
        ({"late": 1.0, **FEW}, {"array_few": 2, "document_small": 1}),  # none has many
        ({"inserted": 10, "updated": 50}, {}),
        ({"inserted": 10, "updated": 51}, {"updated": -2}),
        ({"inserted": 0, "updated": 51}, {}),
        ({"parent_rows": 100, "child_rows": 5001}, {"lookup": -3}),
        ({"parent_rows": 100, "child_rows": 5000}, {}),
        ({"parent_rows": 101, "child_rows": 99999}, {}),
        ({"read_together": 2}, {"read_together": 2}),
        ({"written_alone": 3}, {"written_alone": -3}),
        ({"p95": 20.0}, {"array_few": 2}),
        ({"p95": 20.5}, {"array_some": 1}),
        ({"p95": 100.0}, {"array_some": 1}),
        ({"p95": 101.0}, {"array_many": -1}),
        ({"p95": 500.0}, {"array_many": -1}),
        ({"p95": 501.0}, {"array_more": -3}),
        ({**FEW, "parent_p99": 16 * KIB}, {"array_few": 2, "document_small": 1}),
        ({**FEW, "parent_p99": 16 * KIB + 1}, {"array_few": 2}),
        ({**FEW, "parent_p99": 256 * KIB + 1}, {"array_few": 2, "document_large": -2}),
    ],
)
def test_points(changed, more):
    assert points(replace(BARE, **changed)) == {"required": 1, **more}


def test_a_reference_that_may_be_null():
    assert points(replace(BARE, null=True)) == {"nullable": -2}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"self_reference": True}, ["self reference"]),
        ({"barred": "so"}, ["barred"]),
        ({"referenced_by": 1}, []),
        ({"referenced_by": 2}, ["shared"]),
        ({**FEW, "maximum": 1000.0}, []),
        ({**FEW, "maximum": 1001.0}, ["rows"]),
        ({**FEW, "parent_max": 12 * MIB}, []),
        ({**FEW, "parent_max": 12 * MIB + 1}, ["document"]),
        ({**FEW, "parent_p99": MIB}, []),
        ({**FEW, "parent_p99": MIB + 1}, ["p99"]),
        # An array of ids holds keys, not the junction's rows.
        ({**FEW, "parent_p99": MIB + 1, "junction": True}, []),
    ],
)
def test_vetoes(changed, found):
    assert [one.slug for one in vetoes(replace(BARE, **changed), Weights())] == found


def test_weights_are_settings():
    inputs = replace(BARE, inline=True, maximum=6.0)
    ours = Weights(inline=9, veto_rows=5)
    assert {one.slug: one.points for one in reasons(inputs, ours)}["inline"] == 9
    assert [one.slug for one in vetoes(inputs, ours)] == ["rows"]
