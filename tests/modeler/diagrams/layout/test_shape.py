"""A picture is between as wide as high and twice as wide, wherever its parts allow that."""

from __future__ import annotations

import pytest

from modeler.diagrams.graph import Graph
from modeler.diagrams.layout.arrange import arrange
from tests.modeler.diagrams.layout.graphs import box, edge, width


def apps(pairs: dict[str, int], alone: dict[str, int]) -> Graph:
    """Apps with pairs of tables that refer to each other, and with isolated tables."""
    boxes, edges = [], []
    for app, count in pairs.items():
        for number in range(count):
            one, two = f"{app}.A{number}", f"{app}.B{number}"
            boxes += [box(one, "id", *[f"c{n}" for n in range(number)], "b_id"), box(two, "id")]
            edges.append(edge("b", one, two, "b_id"))
    for app, count in alone.items():
        boxes += [box(f"{app}.Z{number}", "id", "name") for number in range(count)]
    return Graph(tuple(boxes), tuple(edges))


@pytest.mark.parametrize(
    ("pairs", "alone"),
    [
        pytest.param({"a": 6}, {}, id="one app"),
        pytest.param({"a": 6, "b": 4}, {}, id="two apps: one is folded anew"),
        pytest.param({"a": 5, "b": 5}, {}, id="two like ones"),
        pytest.param({"a": 2}, {"a": 12}, id="mostly isolated tables"),
        pytest.param({"a": 7}, {"a": 5, "b": 9}, id="isolated tables in both"),
        pytest.param({}, {"a": 40}, id="a grid alone"),
        pytest.param({"a": 3, "b": 3, "c": 3}, {"d": 1}, id="four apps"),
    ],
)
def test_shape(pairs, alone):
    layout = arrange(apps(pairs, alone), width_of=width)
    assert 1 <= layout.width / layout.height <= 2
