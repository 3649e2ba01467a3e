from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeler.diagrams.layout.ranks import ranks


@pytest.mark.parametrize(
    ("count", "pairs", "expected"),
    [
        pytest.param(1, [], [0], id="alone"),
        pytest.param(1, [(0, 0)], [0], id="loop"),
        pytest.param(3, [(0, 1), (1, 2)], [0, 1, 2], id="chain"),
        pytest.param(3, [(0, 1), (1, 2), (0, 2)], [0, 1, 2], id="shortcut"),
        pytest.param(3, [(0, 1), (1, 2), (2, 0)], [0, 1, 2], id="cycle"),
        pytest.param(2, [(0, 1), (1, 0)], [0, 1], id="two that refer to each other"),
        # 3 stands right before 2, not in the first column where the longest path puts it.
        pytest.param(4, [(0, 1), (1, 2), (3, 2)], [0, 1, 2, 1], id="late"),
        # 3 and 4 come along together: neither alone gains.
        pytest.param(5, [(0, 1), (1, 2), (3, 4), (4, 2), (4, 2)], [0, 1, 2, 0, 1], id="pushed"),
    ],
)
def test_columns(count, pairs, expected):
    assert ranks(count, pairs) == expected


@given(
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40).map(
        lambda pairs: [(n, n + 1) for n in range(11)][::2] + pairs
    )
)
def test_no_column_is_empty(pairs):
    found = ranks(12, pairs)
    assert sorted(set(found)) == list(range(max(found) + 1))
