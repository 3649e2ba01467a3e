from __future__ import annotations

from modeler.diagrams.drawing import drawing_of
from modeler.diagrams.folding import folded
from modeler.diagrams.graph import ColumnMode, graph_of
from modeler.diagrams.selection.selection import Selection
from tests.modeler.diagrams.samples import SHOP


def ends(graph) -> list[tuple[str, str, str, int]]:
    return [(edge.source, edge.target, edge.kind, edge.count) for edge in graph.edges]


def test_an_app_becomes_one_box_and_its_edges_one_each_way():
    graph = folded(graph_of(SHOP), ["shop"])
    assert [(box.key, box.title, box.folded) for box in graph.boxes if box.app == "shop"] == [
        ("shop", "Shop", 2)
    ]
    assert [row.name for row in graph.boxes[-1].rows] == ["2 tables"]
    assert ("orders.Order", "shop", "bundle", 2) in ends(graph)
    # What joined tables of the app is not drawn, what has nothing to do with it stays.
    assert not [edge for edge in graph.edges if edge.key == "shop.Vip.proxy"]
    assert [edge for edge in graph.edges if edge.key == "catalog.Product.category"]


def test_several_apps_and_none():
    graph = folded(graph_of(SHOP), ["shop", "orders", "nothing"])
    assert ("orders", "shop", "bundle", 2) in ends(graph)
    assert folded(graph_of(SHOP), ["nothing"]) == graph_of(SHOP)


def test_tables_have_column_modes_of_their_own():
    selection = Selection(
        columns=ColumnMode.KEYS,
        open=("catalog.Product",),
        closed=("orders.Order",),
        fold=("shop",),
    )
    drawing = drawing_of(SHOP, selection)
    rows = {box.key: (len(box.rows), box.hidden) for box in drawing.graph.boxes}
    assert rows == {
        "catalog.Category": (3, 0), "catalog.Product": (4, 0), "catalog.Tag": (1, 0),
        "orders.Order": (0, 3), "shop": (1, 0),
    }  # fmt: skip
