from __future__ import annotations

from modeler.diagrams.app_map import between_apps, map_scene
from modeler.diagrams.drawing import drawing_of
from modeler.diagrams.graph import graph_of
from modeler.diagrams.selection.selection import Selection
from tests.modeler.diagrams.layout.graphs import overlapping
from tests.modeler.diagrams.samples import SHOP


def test_edges_between_apps_are_counted():
    assert between_apps(graph_of(SHOP)) == {("orders", "shop"): 2}


def test_too_many_tables_are_not_placed_and_that_is_said():
    drawing = drawing_of(SHOP, Selection(), most=3)
    assert drawing.layout.boxes == ()
    assert len(drawing.graph.boxes) == 5
    assert drawing.notices == ("5 tables are too many for one picture; choose an app.",)
    assert drawing_of(SHOP, Selection(), most=5).notices == ()


def test_the_map_has_every_app_once_and_every_bundle():
    apps = {"a": ("A", 900), "b": ("B", 4), "c": ("C", 1)}
    scene = map_scene(apps, {("a", "b"): 7, ("b", "a"): 1})
    assert [(app["label"], app["title"], app["tables"]) for app in scene["apps"]] == [
        ("a", "A", 900), ("b", "B", 4), ("c", "C", 1),
    ]  # fmt: skip
    heights = [app["h"] for app in scene["apps"]]
    assert heights == sorted(heights, reverse=True)
    assert [(b["from"], b["to"], b["count"]) for b in scene["bundles"]] == [(0, 1, 7), (1, 0, 1)]
    assert scene["tables"] == scene["edges"] == []


def test_apps_do_not_overlap():
    from modeler.diagrams.app_map import app_map
    from modeler.diagrams.layout.arrange import arrange

    apps = {f"app{n}": (f"App {n}", n * n) for n in range(1, 40)}
    between = {(f"app{n}", f"app{n % 7 + 1}"): n for n in range(8, 40)}
    assert overlapping(arrange(app_map(apps, between))) == []
