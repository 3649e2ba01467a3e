from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeler.diagrams.bonds import centres, nearer, total
from modeler.diagrams.packing import cost, pack

LENGTHS, ALIKE = st.integers(20, 400), st.integers(60, 300)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        pytest.param([], (0, 0), id="nothing"),
        pytest.param([(300, 200)], (300, 200), id="one"),
        pytest.param([(100, 100)] * 2, (210, 100), id="two squares: beside each other"),
        pytest.param([(400, 100)] * 2, (400, 210), id="two ribbons: one above the other"),
        pytest.param([(100, 400)] * 3, (320, 400), id="three towers: side by side"),
        pytest.param([(100, 100)] * 6, (320, 210), id="six squares: three by two"),
        # The narrow third fits beside the second, not on a shelf of its own.
        pytest.param([(160, 80), (80, 50), (60, 40)], (160, 140), id="first shelf with room"),
    ],
)
def test_size_of_the_whole(sizes, expected):
    packing = pack([(None, *size) for size in sizes], gap=10)
    assert (packing.width, packing.height) == expected


@given(st.lists(st.tuples(ALIKE, ALIKE), min_size=12, max_size=60))
def test_many_rectangles_make_a_picture_of_good_shape(sizes):
    packing = pack([(None, *size) for size in sizes], gap=10)
    assert 1 <= packing.width / packing.height <= 2


@given(
    st.lists(st.tuples(LENGTHS, LENGTHS), min_size=2, max_size=25),
    st.dictionaries(st.tuples(st.integers(0, 24), st.integers(0, 24)), st.integers(1, 9)),
)
def test_bonds_never_become_longer_and_nothing_is_lost(sizes, bonds):
    bonds = {(a, b): w for (a, b), w in bonds.items() if a < b < len(sizes)}
    before = [list(range(n, min(n + 5, len(sizes)))) for n in range(0, len(sizes), 5)]
    after = nearer(before, sizes, bonds, 10)
    assert sorted(n for shelf in after for n in shelf) == list(range(len(sizes)))
    assert total(centres(after, sizes, 10), bonds) <= total(centres(before, sizes, 10), bonds)
    assert after == nearer(before, sizes, bonds, 10)


def test_rectangles_that_refer_to_each_other_come_together():
    sizes = [(100.0, 100.0)] * 9
    before = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    after = centres(nearer(before, sizes, {(0, 8): 5, (2, 6): 5}, 10), sizes, 10)
    for one, two in ((0, 8), (2, 6)):
        (x, y), (u, v) = after[one], after[two]
        assert abs(x - u) + abs(y - v) == 110


@pytest.mark.parametrize(
    ("size", "away"), [((150, 100), 0.0), ((110, 100), 0.0), ((360, 100), 0.69), ((55, 100), 0.69)]
)
def test_distance_from_the_shape(size, away):
    assert cost(size) == (away, size[0] * size[1])
