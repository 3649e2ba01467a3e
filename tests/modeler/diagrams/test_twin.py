"""The picture in words: it says what the picture says, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace

from modeler.diagrams.graph import ColumnMode, graph_of
from modeler.diagrams.selection.choose import choose
from modeler.diagrams.selection.query import from_query
from modeler.diagrams.selection.selection import Selection, Show
from modeler.diagrams.twin import MOST_DESCRIBED, Twin, twin_of
from modeler.schema.schema import Schema
from modeler.web.project import project_schema
from tests.modeler.diagrams.samples import SHOP, foreign_key, table


def twin(schema: Schema, selection: Selection) -> Twin:
    return twin_of(schema, selection, choose(schema, selection))


def test_it_says_every_box_row_and_edge_of_the_picture():
    schema = project_schema()
    selection = Selection(show=tuple(Show), columns=ColumnMode.INDEXED)
    said = twin(schema, selection)
    graph = graph_of(
        schema, columns=selection.columns, shown=choose(schema, selection).tables, shortcuts=True
    )
    tables = [each for app in said.apps for each in app.tables]
    assert {each.box.key for each in tables} == {box.key for box in graph.boxes}
    assert {each.box.key: [c.column.name for c in each.columns] for each in tables} == {
        box.key: [row.name for row in box.rows] for box in graph.boxes
    }
    inside = {box.key for box in graph.boxes}
    drawn = {(edge.source, edge.key, edge.target) for edge in graph.edges if edge.target in inside}
    out = {(t.box.key, r.key, r.partner) for t in tables for r in t.relations if r.outgoing}
    back = {(r.partner, r.key, t.box.key) for t in tables for r in t.relations if not r.outgoing}
    assert out == drawn
    assert back == {edge for edge in drawn if edge[0] != edge[2]}


def test_what_is_missing_can_be_shown_as_well():
    selection = Selection(focus=("orders.Order",), hops=0)
    (app,) = twin(SHOP, selection).apps
    (order,) = app.tables
    assert [(each.table, each.along) for each in order.missing] == [
        ("shop.Customer", "orders.Order.customer"), ("shop.Customer", "orders.Order.payer"),
    ]  # fmt: skip
    grown, _ = from_query(order.missing[0].query)
    assert grown == replace(selection, grow=("orders.Order.customer",))
    assert choose(SHOP, grown).tables == {"orders.Order", "shop.Customer"}


def test_ways_have_a_lookup_and_a_join():
    selection = Selection(path_from="catalog.Product", path_to="catalog.Tag")
    (way,) = twin(SHOP, selection).paths
    assert way.steps == ("catalog.Product.tags → catalog.Tag",)
    assert way.lookup == "tags"


def test_where_it_stopped_is_said():
    hub = table("x.Hub")
    rays = [
        table(f"x.Ray{n}", relations=(foreign_key(f"x.Ray{n}", "hub", "x.Hub"),))
        for n in range(20)
    ]
    far = table("x.Far", relations=(foreign_key("x.Far", "ray", "x.Ray0"),))
    schema = Schema(tuple(sorted([hub, far, *rays], key=lambda each: each.key)))
    said = twin(schema, Selection(focus=("x.Far",), hops=3))
    hubs = {each.box.key: each.hub for app in said.apps for each in app.tables if each.hub}
    assert hubs == {"x.Hub": 20}


def test_many_tables_are_named_and_nothing_more():
    many = tuple(table(f"x.T{n:04}") for n in range(MOST_DESCRIBED + 1))
    said = twin(Schema(many), Selection())
    assert said.brief
    (app,) = said.apps
    assert len(app.tables) == MOST_DESCRIBED + 1
    assert {each.columns for each in app.tables} == {()}
    assert from_query(app.query)[0].apps == ("x",)
