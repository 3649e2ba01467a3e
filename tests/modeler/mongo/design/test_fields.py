"""What parts of documents, and collections that are designed, are called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.mongo.design.fields import plural_of
from modeler.schema.location import Location
from modeler.schema.table import TableKind

from .schemas import table


@pytest.mark.parametrize(
    ("name", "place", "kind", "expected"),
    [
        ("OrderLine", "shop_orderline", TableKind.MODEL, "order_lines"),
        ("Category", "shop_category", TableKind.MODEL, "categories"),
        ("Address", "shop_address", TableKind.MODEL, "addresses"),
        ("News", "press_news", TableKind.MODEL, "newses"),
        # Classes that inspectdb named after their tables.
        ("Changesets", "changesets", TableKind.MODEL, "changesets"),
        ("GpxFileTags", "gpx_file_tags", TableKind.MODEL, "gpx_file_tags"),
        ("OrderDetails", "Order_Details", TableKind.MODEL, "order_details"),
        ("Address", "address", TableKind.MODEL, "addresses"),
        ("Status", "status", TableKind.MODEL, "statuses"),
        ("Customer", "customer", TableKind.MODEL, "customers"),
        ("order_lines", "order_lines", TableKind.TABLE, "order_lines"),
    ],
)
def test_several_rows(name: str, place: str, kind: TableKind, expected: str):
    one = replace(table(name), location=Location("default", "", place), kind=kind)
    assert plural_of(one) == expected
