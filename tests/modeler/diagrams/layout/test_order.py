"""Orders of columns: crossings counted pair by pair."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeler.diagrams.layout.levels import Levels, levels_of
from modeler.diagrams.layout.order import reduce_crossings
from modeler.diagrams.layout.ranks import ranks
from modeler.diagrams.layout.sifting import sift


def levels(count: int, pairs: list[tuple[int, int]]) -> Levels:
    """Boxes 100 high that dock in their middle."""
    links = [(n, source, target, 50.0, 50.0) for n, (source, target) in enumerate(pairs)]
    return levels_of([100.0] * count, ranks(count, pairs), links)


def positions(drawn: Levels) -> list[float]:
    found = [0.0] * len(drawn.heights)
    for column in drawn.columns:
        for place, node in enumerate(column):
            found[node] = place
    return found


def crossed(drawn: Levels) -> int:
    at = positions(drawn)
    return sum(
        (at[a] + p - at[c] - r) * (at[b] + q - at[d] - s) < 0
        for pairs in drawn.gaps
        for (a, b, p, q), (c, d, r, s) in combinations(pairs, 2)
    )


@pytest.mark.parametrize(
    ("count", "pairs", "least"),
    [
        pytest.param(4, [(0, 3), (1, 2)], 0, id="turned"),
        pytest.param(6, [(0, 5), (1, 4), (2, 3)], 0, id="all turned"),
        pytest.param(4, [(0, 2), (0, 3), (1, 2), (1, 3)], 1, id="each with each"),
        pytest.param(6, [(a, b) for a in (0, 1, 2) for b in (3, 4, 5)], 9, id="three with three"),
        # 0 must pass two others at once: exchanges of neighbours alone do not get there.
        pytest.param(7, [(0, 6), (1, 4), (1, 5), (2, 4), (2, 5), (3, 6)], 1, id="past two"),
    ],
)
def test_crossings(count, pairs, least):
    drawn = levels(count, pairs)
    reduce_crossings(drawn)
    assert crossed(drawn) == least


@st.composite
def connected(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    count = draw(st.integers(2, 12))
    tree = [(node, draw(st.integers(0, node - 1))) for node in range(1, count)]
    node = st.integers(0, count - 1)
    return count, tree + draw(st.lists(st.tuples(node, node), max_size=20))


@given(connected(), st.randoms(use_true_random=False))
def test_sifting_never_adds_crossings_and_loses_nothing(graph, chance):
    drawn = levels(*graph)
    for column in drawn.columns:
        chance.shuffle(column)
    before, nodes = crossed(drawn), [sorted(column) for column in drawn.columns]
    sift(drawn, positions(drawn))
    assert crossed(drawn) <= before
    assert [sorted(column) for column in drawn.columns] == nodes
