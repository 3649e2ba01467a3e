"""A design as Python is read back as the same design."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeler.mongo.aggregate import Aggregate, Computed, DeclaredIndex, Measure, Part, PartKind
from modeler.mongo.design.code import to_code
from modeler.mongo.design.design import design
from modeler.schema.registry import read_registry

NAMES = st.text(min_size=1, max_size=30)
PARTS = st.recursive(
    st.builds(
        Part, NAMES, st.sampled_from(PartKind), NAMES,
        columns=st.lists(NAMES, max_size=3).map(tuple), first=st.none() | st.integers(1, 9),
    ),
    lambda inner: st.builds(
        Part, NAMES, st.sampled_from(PartKind), NAMES, parts=st.lists(inner, max_size=2).map(tuple)
    ),
    max_leaves=4,
)  # fmt: skip
AGGREGATES = st.builds(
    Aggregate, NAMES, NAMES | st.just(""), parts=st.lists(PARTS, max_size=3).map(tuple),
    computed=st.lists(st.builds(Computed, NAMES, NAMES, st.sampled_from(Measure)), max_size=2)
    .map(tuple),
    indexes=st.lists(
        st.builds(DeclaredIndex, st.just((("a.b", 1),)), st.just((("unique", True),)),
                  NAMES), max_size=1).map(tuple),
    follow=st.booleans(),
)  # fmt: skip


def read_back(code: str) -> object:
    space: dict[str, object] = {}
    exec(compile(code, "collections.py", "exec"), space)
    return space["COLLECTIONS"]


@given(st.lists(AGGREGATES, max_size=3).map(tuple))
def test_what_is_written_is_what_was_designed(aggregates):
    assert read_back(to_code(aggregates)) == aggregates


def test_the_design_of_a_project_is_formatted_code():
    pytest.importorskip("ruff")
    code = to_code(design(read_registry(), None).aggregates)
    assert read_back(code)
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--select",
        "E,F,I",
        "--line-length",
        "99",
        "-",
    ]
    assert subprocess.run(command, input=code, text=True, capture_output=True).returncode == 0
