"""The lists of the admin, as the generated module gives them, against the admin's own queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model

from catalog.models import Product
from orders.models import Customer, Order
from orders.status import OrderStatus


def keys(query: Any) -> list[Any]:
    return list(query.values_list("pk", flat=True))


def searched(model: type[Model], text: str, **filters: Any) -> list[Any]:
    """The keys that Django's own search finds, in the order of the model."""
    shown = admin.site._registry[model]
    query = model._default_manager.filter(**filters)
    found, repeated = admin.ModelAdmin.get_search_results(shown, None, query, text)  # type: ignore[arg-type]
    return keys(found.distinct() if repeated else found)


@pytest.mark.parametrize("status", ["", *OrderStatus.values])
def test_orders(seeded: Any, shop_module: Any, status: str) -> None:
    filters = {"status": status} if status else {}
    rows = shop_module.OrderRepository(seeded).rows(filters=filters, limit=10_000)
    assert [row["_id"] for row in rows] == searched(Order, "", **filters)
    by_key = {order.pk: order for order in Order.objects.select_related("customer")}
    for row in rows:
        order = by_key[row["_id"]]
        assert row["order_number"] == order.order_number
        assert row["total_amount"].to_decimal() == order.total_amount
        assert row["customer"]["email"] == order.customer.email


def test_orders_are_searched(seeded: Any, shop_module: Any) -> None:
    orders = shop_module.OrderRepository(seeded)
    name = Order.objects.first().customer.last_name
    number = Order.objects.last().order_number
    for text in (name, name[:2].lower(), number, "SO-0000000", "nobody-at-all", f"{name} SO-"):
        found = [row["_id"] for row in orders.rows(search=text, limit=10_000)]
        assert found == searched(Order, text), text


def test_products_and_customers(seeded: Any, shop_module: Any) -> None:
    products = shop_module.ProductRepository(seeded).rows(limit=10_000)
    assert {row["_id"] for row in products} == set(keys(Product.objects.living()))
    customers = shop_module.CustomerRepository(seeded).rows(limit=10_000)
    assert {row["_id"] for row in customers} == set(keys(Customer.objects.living()))


def test_nothing_refers_to_nowhere(seeded: Any, shop_module: Any) -> None:
    for repository in shop_module.REPOSITORIES:
        for reference in repository.references:
            assert repository(seeded).orphans(reference.name) == []
    orders = shop_module.OrderRepository(seeded)
    product = seeded["orders"].find_one({})["items"][0]["product_id"]
    kept = seeded["products"].find_one_and_delete({"_id": product})
    missing = orders.orphans("items_product", limit=10_000)
    seeded["products"].insert_one(kept)
    assert missing
    assert {row["missing"] for row in missing} == {product}
    holding = seeded["orders"].find({"items.product_id": product}, {"_id": 1})
    assert {row["_id"] for row in missing} == {one["_id"] for one in holding}
