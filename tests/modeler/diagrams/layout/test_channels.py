from __future__ import annotations

import pytest

from modeler.diagrams.layout.channels import FAR, Turn, tracks


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        pytest.param([], ([], 0), id="none"),
        pytest.param([Turn(5, 5)], ([0], 0), id="straight"),
        pytest.param([Turn(0, 50), Turn(100, 150)], ([0, 0], 1), id="apart, one track"),
        pytest.param([Turn(0, 50), Turn(20, 70)], ([1, 0], 2), id="both down: lower first"),
        pytest.param([Turn(50, 0), Turn(70, 20)], ([0, 1], 2), id="both up: upper first"),
        pytest.param([Turn(0, 50), Turn(20, 50)], ([0, 0], 1), id="to one dock: one track"),
        pytest.param([Turn(0, FAR), Turn(20, FAR)], ([1, 0], 2), id="out below: never one"),
        pytest.param(
            [Turn(10, 60, back=1), Turn(20, 30, back=1), Turn(0, 90)], ([1, 0, 2], 3),
            id="loops inside one another, before the rest",
        ),
    ],
)  # fmt: skip
def test_tracks(turns, expected):
    assert tracks(turns) == expected
