"""Which tables a selection comes to."""

from __future__ import annotations

import pytest

from modeler.diagrams.graph import graph_of
from modeler.diagrams.selection.choose import Chosen, choose
from modeler.diagrams.selection.query import from_query
from modeler.schema.column import Column
from modeler.schema.schema import App, Schema
from modeler.schema.table import TableKind
from tests.modeler.diagrams.samples import SHOP, foreign_key, table


def chosen(schema: Schema, query: str, hubs: tuple[str, ...] = ()) -> Chosen:
    selection, said = from_query(query)
    assert said == ()
    return choose(schema, selection, hubs=hubs)


def short(keys) -> str:
    return " ".join(sorted(key.rpartition(".")[2] for key in keys))


def chain(*names: str) -> Schema:
    """a → b → c …, and a star of ten around c."""
    tables = [
        table(
            f"x.{name}",
            *([Column("next_id", "uuid")] if later else []),
            relations=(foreign_key(f"x.{name}", "next", f"x.{later}"),) if later else (),
        )
        for name, later in zip(names, [*names[1:], ""], strict=True)
    ]
    tables += [
        table(
            f"x.Ray{n}",
            Column("c_id", "uuid"),
            relations=(foreign_key(f"x.Ray{n}", "c", "x.c"),),
        )
        for n in range(10)
    ]
    return Schema(tuple(tables))


RAYS = " ".join(f"Ray{n}" for n in range(10))
CHAIN = chain("a", "b", "c", "d", "e")


@pytest.mark.parametrize(
    ("query", "tables"),
    [
        ("", "Category Customer Order Product Tag"),
        ("show=joins", "Category Customer Order Product Product_tags Tag"),
        ("show=proxies&app=shop", "Customer Vip"),
        ("app=shop&app=orders", "Customer Order"),
        ("app=shop&table=catalog.TAG", "Customer Tag"),
        ("table=catalog.Product_tags", "Product_tags"),
        ("without=catalog", "Customer Order"),
        ("app=catalog&without=catalog.Tag", "Category Product"),
        ("text=slug", "Category"),
        ("text=SLUG+parent", "Category"),
        ("text=slug+nothing", ""),
        ("focus=catalog.Product&hops=0", "Product"),
        ("focus=catalog.Product", "Category Product Tag"),
        ("focus=catalog.Product&app=orders", "Product"),
        ("focus=catalog.Product&without=catalog.Tag", "Category Product"),
        ("focus=catalog.Product&hops=0&grow=orders.Order.payer", "Customer Order Product"),
        ("table=catalog.Tag&grow=shop.Customer", "Customer Tag"),
        ("from=catalog.Category&to=catalog.Tag", "Category Product Tag"),
        ("from=catalog.Category&to=shop.Customer", "Category Customer"),
        ("from=catalog.Category&to=catalog.Tag&avoid=catalog.Product", "Category Tag"),
        ("from=catalog.Category", "Category"),
    ],
)
def test_the_tables_of_the_shop(query, tables):
    assert short(chosen(SHOP, query).tables) == tables


@pytest.mark.parametrize(
    ("query", "tables", "hubs"),
    [
        ("focus=x.a&hops=3&hubs=0", f"a b c d {RAYS}", {}),
        ("focus=x.a&hops=3&hubs=5", "a b c", {"x.c": 12}),
        ("focus=x.a&hops=2&hubs=5", "a b c", {}),
        ("focus=x.a&hops=3&hubs=12", f"a b c d {RAYS}", {}),
        ("focus=x.c&hops=1&hubs=5", f"b c d {RAYS}", {}),
        ("focus=x.e&hops=2&hubs=5", "c d e", {}),
    ],
)
def test_the_focus_stops_at_hubs(query, tables, hubs):
    found = chosen(CHAIN, query)
    assert short(found.tables).split() == sorted(tables.split())
    assert found.hubs == hubs


def test_named_hubs_stop_the_focus_whatever_their_degree():
    found = chosen(CHAIN, "focus=x.a&hops=3&hubs=50", ("x.b",))
    assert short(found.tables) == "a b"
    assert found.hubs == {"x.b": 2}
    assert short(chosen(CHAIN, "focus=x.a&hops=2&hubs=0", ("x.b",)).tables) == "a b c"


def test_neighbours_that_are_not_drawn_are_counted():
    assert chosen(CHAIN, "table=x.b&table=x.c").more == {"x.b": 1, "x.c": 11}


def test_ways_avoid_hubs_while_there_is_another():
    found = chosen(CHAIN, "from=x.a&to=x.e&hubs=5")
    assert [path.tables for path in found.paths] == [("x.a", "x.b", "x.c", "x.d", "x.e")]
    assert found.through_hubs
    assert not chosen(CHAIN, "from=x.a&to=x.e&hubs=50").through_hubs


def test_unknown_names_are_returned_and_the_rest_is_shown():
    found = chosen(SHOP, "focus=catalog.Produkt&app=orders&grow=orders.Order.buyer")
    assert short(found.tables) == "Order"
    assert [str(unknown) for unknown in found.unknown] == [
        "There is no table 'catalog.Produkt'. Did you mean catalog.Product or "
        "catalog.Product_tags?",
        "There is no relation 'orders.Order.buyer'. Did you mean orders.Order.payer or "
        "orders.Order.customer?",
    ]


def test_an_edge_to_a_hidden_proxy_leads_to_its_rows():
    schema = Schema(
        (
            table("shop.Customer"),
            table("shop.Vip", kind=TableKind.PROXY, bases=("shop.Customer",)),
            table(
                "shop.Gift",
                Column("vip_id", "uuid"),
                relations=(foreign_key("shop.Gift", "vip", "shop.Vip"),),
            ),
        ),
        (App("shop", "shop", "Shop"),),
    )
    ends = {
        query: [
            (edge.source, edge.target)
            for edge in graph_of(schema, shown=chosen(schema, query).tables).edges
        ]
        for query in ("", "show=proxies")
    }
    assert ends == {
        "": [("shop.Gift", "shop.Customer")],
        "show=proxies": [("shop.Gift", "shop.Vip"), ("shop.Vip", "shop.Customer")],
    }
