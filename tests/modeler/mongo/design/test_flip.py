"""What would flip a verdict does flip it, and less does not."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from modeler.mongo.design.flip import Flip, flips
from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.judgement import judge
from modeler.mongo.design.verdict import Verdict
from modeler.mongo.design.weights import Weights

from .test_judgement import ITEM, LOOSE

inputs_of_any_kind = st.builds(
    Inputs,
    in_key=st.booleans(), inline=st.booleans(), null=st.booleans(), own_admin=st.booleans(),
    on_delete=st.sampled_from(["CASCADE", "PROTECT", "SET_NULL"]),
    referenced_by=st.integers(0, 3), other_keys=st.integers(0, 3), named_after=st.booleans(),
    p50=st.just(1.0), p95=st.floats(1, 900), p99=st.just(900.0), maximum=st.floats(900, 5000),
    child_bytes=st.floats(50, 5000), child_p99=st.just(5000.0), parent_bytes=st.just(300.0),
    parent_p99=st.just(400.0), parent_max=st.just(500.0), late=st.none() | st.floats(0, 1),
    parent_rows=st.floats(1, 500), child_rows=st.floats(1, 50_000),
)  # fmt: skip


def test_the_nearest_number_and_the_nearest_declaration():
    number, switch = flips(replace(ITEM, mean=3.0), Weights())
    text = "children of the largest parent were 1,001 instead of 30"
    assert number == Flip(text, Verdict.OUTLIER, number.factor)
    assert 1000 / 30 < number.factor < 1000 / 30 * 1.011
    assert switch == Flip("it might be NULL", Verdict.ASK)


def test_a_reference_says_what_would_embed_it():
    switch = next(one for one in flips(LOOSE, Weights()) if not one.factor)
    assert switch == Flip("the project said that it reads both together (1 of 3)", Verdict.ASK)


@given(inputs_of_any_kind)
def test_every_flip_names_another_verdict(inputs):
    now = judge(inputs, Weights()).verdict
    found = flips(inputs, Weights())
    assert all(one.verdict is not now for one in found)
    numbers = [one.factor for one in found if one.factor]
    assert numbers == sorted(numbers) and all(factor >= 1 for factor in numbers)


@given(inputs_of_any_kind)
def test_no_smaller_change_of_the_largest_parent_flips(inputs):
    """The search is checked against a plain walk along all numbers of children."""
    now = judge(inputs, Weights()).verdict
    of_largest = [one for one in flips(inputs, Weights()) if "largest parent" in one.text]
    if not of_largest or of_largest[0].verdict is now:
        return
    furthest = max(1.0, of_largest[0].factor / 1.02)  # the search is exact to one percent
    for step in range(1, 101):
        share = furthest ** (step / 100)
        for nearer in (inputs.maximum * share, inputs.maximum / share):
            assert judge(replace(inputs, maximum=nearer), Weights()).verdict is now
