from __future__ import annotations

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from modeler.diagrams import graphviz
from modeler.diagrams.formats.dot import to_dot
from modeler.diagrams.formats.mermaid import to_mermaid
from modeler.diagrams.formats.svg import to_svg
from modeler.diagrams.formats.svg_edges import dashes, ends
from modeler.diagrams.graph import Edge, graph_of
from modeler.diagrams.layout.placement import RoutedEdge
from modeler.schema.relation import Cardinality
from modeler.schema.schema import Schema
from tests.modeler.diagrams.samples import EVIL, SHOP
from tests.parts import require_part

pygraphviz = pytest.importorskip("pygraphviz")
SHOWN_EVIL = EVIL.replace("\n", " ").replace("\u202e", " ")


def parsed(dot: str):
    return pygraphviz.AGraph(string=dot)


def test_dot_is_read_back_whole_by_graphviz():
    graph = graph_of(SHOP)
    read = parsed(to_dot(graph))
    assert sorted(node.name for node in read.nodes()) == [box.key for box in graph.boxes]
    edges = [
        (e.attr["id"], e[0], e[1], e.attr["arrowtail"], e.attr["arrowhead"], e.attr["style"])
        for e in read.edges()
    ]
    assert sorted(edges) == [
        ("relation-catalog.Category.parent", "catalog.Category", "catalog.Category",
         "crowodot", "teeodot", "solid"),
        ("relation-catalog.Product.category", "catalog.Product", "catalog.Category",
         "crowodot", "teetee", "solid"),
        ("relation-catalog.Product_tags.product", "catalog.Product_tags", "catalog.Product",
         "crowodot", "teetee", "solid"),
        ("relation-catalog.Product_tags.tag", "catalog.Product_tags", "catalog.Tag",
         "crowodot", "teetee", "solid"),
        ("relation-orders.Order.customer", "orders.Order", "shop.Customer",
         "crowodot", "teetee", "solid"),
        ("relation-orders.Order.payer", "orders.Order", "shop.Customer",
         "teeodot", "teeodot", "dashed"),
        ("relation-shop.Vip.proxy", "shop.Vip", "shop.Customer", "none", "onormal", "dashed"),
    ]  # fmt: skip


def test_awkward_names_come_out_letter_for_letter_in_svg():
    svg = to_svg(graph_of(SHOP))
    texts = [element.text for element in ElementTree.fromstring(svg).iter() if element.text]
    assert SHOWN_EVIL.strip() in [text.strip() for text in texts]
    assert "Catalog & more" in texts


def test_svg_has_a_frame_an_app_and_every_table_and_relation_once():
    svg = to_svg(graph_of(SHOP))
    ids = re.findall(r'id="((?:table|relation|app)-[^"]*)"', svg)
    assert sorted(ids) == [
        "app-catalog", "app-orders", "app-shop",
        "relation-catalog.Category.parent", "relation-catalog.Product.category",
        "relation-catalog.Product_tags.product", "relation-catalog.Product_tags.tag",
        "relation-orders.Order.customer", "relation-orders.Order.payer", "relation-shop.Vip.proxy",
        "table-catalog.Category", "table-catalog.Product", "table-catalog.Product_tags",
        "table-catalog.Tag", "table-orders.Order", "table-shop.Customer", "table-shop.Vip",
    ]  # fmt: skip
    assert "style=" not in svg  # a strict Content-Security-Policy would refuse it
    assert to_svg(graph_of(SHOP)) == svg


@pytest.mark.parametrize(
    ("facts", "dashed", "strokes", "shapes"),
    [
        # Crow's foot and circle at the source, two bars at the target.
        ({}, "", "M8 0L0 -5M8 0L0 5M96 -4.5V4.5M92 -4.5V4.5", ["circle at 11"]),
        ({"at_target": Cardinality.ZERO_OR_ONE}, "", "M8 0L0 -5M8 0L0 5M96 -4.5V4.5",
         ["circle at 11", "circle at 89"]),
        ({"at_source": Cardinality.ONE_OR_MORE}, "", "M8 0L0 -5M8 0L0 5M10 -4.5V4.5M96 -4.5V4.5"
         "M92 -4.5V4.5", []),
        ({"at_source": Cardinality.ONE, "enforced": False}, "5 3",
         "M4 -4.5V4.5M8 -4.5V4.5M96 -4.5V4.5M92 -4.5V4.5", []),
        ({"kind": "proxy", "at_source": None, "at_target": None}, "5 3", "", ["triangle at 100"]),
        ({"kind": "parent link", "at_source": Cardinality.ZERO_OR_ONE}, "", "M4 -4.5V4.5",
         ["circle at 11", "triangle at 100"]),
        ({"kind": "generic reverse", "at_source": Cardinality.ZERO_OR_ONE}, "5 3", "M4 -4.5V4.5",
         ["circle at 11", "diamond at 100"]),
        ({"kind": "through"}, "1.5 3.5", "M8 0L0 -5M8 0L0 5M96 -4.5V4.5M92 -4.5V4.5",
         ["circle at 11"]),
    ],
)  # fmt: skip
def test_what_stands_at_the_ends_of_a_line(facts, dashed, strokes, shapes):
    edge = Edge(**{
        "key": "a.A.b", "source": "a.A", "target": "a.B", "kind": "foreign key",
        "at_source": Cardinality.ZERO_OR_MORE, "at_target": Cardinality.ONE, **facts,
    })  # fmt: skip
    way = RoutedEdge("a.A.b", "a.A", "a.B", ((0, 0), (100, 0)))
    assert dashes(edge) == dashed
    got_strokes, got_shapes = ends(edge, way)
    assert got_strokes == strokes
    named = {"a": "circle", "V": "triangle", "L": "diamond"}
    assert [_named(shape, named) for shape in got_shapes.split("Z")[:-1]] == shapes


def _named(shape: str, names: dict[str, str]) -> str:
    """Say what a closed path is, and where: a circle's middle, the others' tip."""
    kind = next(name for letter, name in names.items() if letter in shape)
    x = float(re.match(r"M(\S+)", shape)[1])
    return f"{kind} at {x + 3 if kind == 'circle' else x:.0f}"


def test_an_empty_schema_is_an_empty_picture():
    assert ElementTree.fromstring(to_svg(graph_of(Schema()))).attrib["viewBox"] == "-8 -8 16 16"
    assert to_mermaid(graph_of(Schema())) == "erDiagram\n"
    assert parsed(to_dot(graph_of(Schema()))).nodes() == []


def test_mermaid():
    assert (
        to_mermaid(graph_of(SHOP.select(["catalog"])))
        == """\
erDiagram
  "catalog.Category" {
    uuid id PK
    uuid parent_id FK "null"
    varchar(64) slug UK
  }
  "catalog.Product" {
    uuid id PK
    uuid category_id FK
    timestamptz(3) he_ad_b_amp "column he#34;ad#60;b#62;#38;amp#59;#92;#124;#123;#125;#37; \U0001f600 "
    numeric_12_2 head "numeric(12,2)[], null"
  }
  "catalog.Product_tags" {
    uuid id PK
    uuid product_id FK
    uuid tag_id FK
  }
  "catalog.Tag" {
    uuid id PK
  }
  "catalog.Category" }o--o| "catalog.Category" : "parent: parent_id to id"
  "catalog.Product" }o--|| "catalog.Category" : "category: category_id to id"
  "catalog.Product_tags" }o--|| "catalog.Product" : "product: product_id to id"
  "catalog.Product_tags" }o--|| "catalog.Tag" : "tag: tag_id to id"
"""  # noqa: E501
    )


@pytest.mark.parametrize("engine", ["dot", "pygraphviz"])
def test_both_engines_draw(engine, monkeypatch):
    if engine == "dot":
        require_part("the dot command of Graphviz", shutil.which("dot"))
    monkeypatch.setattr(graphviz, "engine", lambda: engine)
    (drawing,) = graphviz.render(["digraph { a -> b }"])
    assert b"<svg" in drawing


@pytest.mark.parametrize("engine", ["dot", "pygraphviz"])
def test_a_graph_that_graphviz_refuses_is_one_sentence(engine, monkeypatch):
    if engine == "dot":
        require_part("the dot command of Graphviz", shutil.which("dot"))
    monkeypatch.setattr(graphviz, "engine", lambda: engine)
    with pytest.raises(graphviz.GraphvizFailed, match="Graphviz failed"):
        graphviz.render(["digraph { a -> "])


def test_too_little_memory_is_said():
    with pytest.raises(graphviz.GraphvizFailed):
        graphviz.render(["digraph { a -> b }"], megabytes=1)


def test_without_graphviz_the_next_step_is_named():
    """In a process of its own: what is on PATH and what can be imported belong to a process."""
    code = (
        "import sys; sys.modules['pygraphviz'] = None\n"
        "from modeler.diagrams.graphviz import GraphvizMissing, engine\n"
        "try: engine()\n"
        "except GraphvizMissing as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PATH": ""}, capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("Graphviz is not here. Install it with `pip install"), (
        done.stderr
    )
