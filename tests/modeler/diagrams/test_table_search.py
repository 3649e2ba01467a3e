"""What words find, and in which order; the index of columns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.diagrams.column_index import ColumnName, column_index
from modeler.diagrams.table_search import search_tables
from modeler.schema.column import Column
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind
from tests.modeler.diagrams.samples import table

TABLES = (
    table("shop.Price"),
    table("shop.PriceList"),
    table("shop.Product", Column("price", "numeric", help_text="What it costs")),
    table("shop.Item", Column("unit_price", "numeric")),
    replace(table("shop.Order"), documentation="The price is settled here.\n\nLater."),
    Table("auth.Price", None, TableKind.SWAPPED, "Price", app="auth"),
)
SHOP = Schema(TABLES)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("price", ["shop.Price", "shop.PriceList", "shop.Product", "shop.Item", "shop.Order"]),
        ("PRICE list", ["shop.PriceList"]),
        ("costs what", ["shop.Product"]),
        ("product price", ["shop.Product"]),
        ("settled here", ["shop.Order"]),
        ("nothing", []),
        ("   ", []),
    ],
)
def test_the_best_comes_first(words, expected):
    assert [hit.table.key for hit in search_tables(SHOP, words).shown] == expected


def test_the_columns_that_say_it_are_named():
    assert [
        (hit.table.key, [column.name for column in hit.columns])
        for hit in search_tables(SHOP, "product costs").shown
    ] == [("shop.Product", ["price"])]


def test_more_than_can_be_shown_are_counted():
    found = search_tables(SHOP, "price", most=2)
    assert (len(found.shown), found.more) == (2, 3)


def test_columns_by_letter():
    schema = Schema((table("x.A", Column("Über", "text"), Column("1st", "text")), table("x.B")))
    assert column_index(schema) == {
        "#": (ColumnName("1st", ("x.A",)),),
        "I": (ColumnName("id", ("x.A", "x.B")),),
        "Ü": (ColumnName("Über", ("x.A",)),),
    }
