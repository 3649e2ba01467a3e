"""Small graphs, compared whole: boxes' corners, edges' corners, frames, the picture.

A character is half as wide as its size. ``shop.A`` and ``shop.B`` are 109 and 98 wide: 16 for
the margins, 26 for the marks, 12 between name and type, 33 for ``bigint``, the rest the name.
"""

from __future__ import annotations

import pytest

from modeler.diagrams.graph import Graph
from modeler.diagrams.layout.arrange import arrange
from tests.modeler.diagrams.layout.graphs import box, edge, width

A, B, C = box("shop.A", "id", "b_id"), box("shop.B", "id"), box("users.C", "id")
TREE = box("shop.T", "id", "parent_id")
PAIR = box("shop.P", "id", "x_id", "y_id")
TO_B = edge("b", "shop.A", "shop.B", "b_id")

CASES = {
    "nothing": (([], [], {}), ({}, {}, {}, (0, 0, 0, 0))),
    "a foreign key is straight where it can be": (
        ([A, B], [TO_B], {}),
        (
            {"shop.A": (20, 50), "shop.B": (161, 68)},
            {"shop.A.b": ((129, 101), (161, 101))},
            {"shop": (0, 0, 279, 130)},
            (0, 0, 279, 130),
        ),
    ),
    "a loop on the right": (
        ([TREE], [edge("parent", "shop.T", "shop.T", "parent_id")], {}),
        (
            {"shop.T": (20, 50)},
            {"shop.T.parent": ((156, 101), (172, 101), (172, 83), (156, 83))},
            {"shop": (0, 0, 192, 130)},
            (0, 0, 192, 130),
        ),
    ),
    "two to one column stay apart": (
        (
            [PAIR, B],
            [
                edge("x", "shop.P", "shop.B", "x_id"),
                edge("y", "shop.P", "shop.B", "y_id"),
            ],
            {},
        ),
        (
            {"shop.B": (168, 75), "shop.P": (20, 50)},
            {
                "shop.P.x": ((129, 101), (145, 101), (145, 108), (168, 108)),
                "shop.P.y": ((129, 119), (152, 119), (152, 112), (168, 112)),
            },
            {"shop": (0, 0, 286, 148)},
            (0, 0, 286, 148),
        ),
    ),
    "tables without relations in a grid": (
        ([A, B], [], {}),
        (
            {"shop.A": (20, 50), "shop.B": (151, 50)},
            {},
            {"shop": (0, 0, 269, 130)},
            (0, 0, 269, 130),
        ),
    ),
    "between apps": (
        ([A, C], [edge("b", "shop.A", "users.C", "b_id")], {}),
        (
            {"shop.A": (20, 50), "users.C": (237, 50)},
            {
                "shop.A.b": (
                    (129, 103.5), (145, 103.5), (145, 40), (185, 40),
                    (185, 102.5), (221, 102.5), (221, 80.5), (237, 80.5),
                )
            },
            {"shop": (0, 0, 165, 130), "users": (201, 0, 154, 112)},
            (0, 0, 355, 130),
        ),
    ),
    "hidden columns dock at the heading, missing tables not at all": (
        (
            [A, B],
            [
                edge("b", "shop.A", "shop.B", "hidden_id"),
                edge("c", "shop.A", "shop.Gone", "b_id"),
            ],
            {},
        ),
        (
            {"shop.A": (20, 71), "shop.B": (161, 50)},
            {"shop.A.b": ((129, 83), (161, 83))},
            {"shop": (0, 0, 279, 151)},
            (0, 0, 279, 151),
        ),
    ),
    "a saved position stays, a new table comes beside its neighbour": (
        ([A, B], [TO_B], {"shop.B": (0.0, 0.0)}),
        (
            {"shop.A": (0, -82), "shop.B": (0, 0)},
            {"shop.A.b": ((0, -31), (-16, -31), (-16, 33), (0, 33))},
            {"shop": (-20, -132, 149, 194)},
            (-20, -132, 149, 194),
        ),
    ),
    "an app without saved positions comes below": (
        ([B, C], [], {"shop.B": (300.0, 100.0)}),
        (
            {"shop.B": (300, 100), "users.C": (300, 284)},
            {},
            {"shop": (280, 50, 138, 112), "users": (280, 234, 138, 112)},
            (280, 50, 138, 296),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_drawn(name):
    (boxes, edges, fixed), expected = CASES[name]
    layout = arrange(Graph(tuple(boxes), tuple(edges)), fixed=fixed, width_of=width)
    assert (
        {placed.key: (placed.x, placed.y) for placed in layout.boxes},
        {way.key: way.points for way in layout.edges},
        {frame.app: (frame.x, frame.y, frame.width, frame.height) for frame in layout.frames},
        (layout.x, layout.y, layout.width, layout.height),
    ) == expected


def test_rows_stand_below_the_heading():
    (placed,) = arrange(Graph((A,), ()), width_of=width).boxes
    assert (placed.y, placed.head, placed.rows, placed.height) == (50, 62, (83, 101), 60)
