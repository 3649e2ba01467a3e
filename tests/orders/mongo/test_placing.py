"""Orders placed in a transaction on a real replica set, and watched."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from bson import Decimal128
from pymongo.errors import OperationFailure

from orders.mongo.placing import NotPlaced, StockShort, order_place
from orders.mongo.watching import watch_orders
from orders.services.placing import OrderLine

CUSTOMERS = ("customers", "orders", "products", "order_numbers")


@pytest.fixture
def shop(seeded: Any) -> Any:
    """The documents, which each test may change."""
    before = {name: list(seeded[name].find()) for name in CUSTOMERS}
    yield seeded
    for name, documents in before.items():
        seeded[name].delete_many({})
        if documents:
            seeded[name].insert_many(documents)


@pytest.fixture
def customer(shop: Any) -> Any:
    return shop["customers"].find_one({"deleted_at": None, "addresses.1": {"$exists": True}})


@pytest.fixture
def two_products(shop: Any) -> list[Any]:
    found = list(shop["products"].find({"is_active": True, "deleted_at": None}).limit(2))
    for product, stock in zip(found, (5, 3), strict=True):
        shop["products"].update_one({"_id": product["_id"]}, {"$set": {"inventory_count": stock}})
    return found


def place(shop: Any, customer: Any, *lines: tuple[UUID, int], **more: Any) -> Any:
    address = customer["addresses"][0]["id"]
    values = {
        "customer_id": customer["_id"],
        "billing_address_id": address,
        "shipping_address_id": address,
        "lines": [OrderLine(*line) for line in lines],
    }
    return order_place(shop, **{**values, **more})


def stock(shop: Any, products: list[Any]) -> list[int]:
    return [shop["products"].find_one({"_id": one["_id"]})["inventory_count"] for one in products]


def test_an_order_takes_its_stock(shop: Any, customer: Any, two_products: list[Any]) -> None:
    one, two = two_products
    made = place(shop, customer, (one["_id"], 2), (two["_id"], 3), tax_amount=Decimal("1.90"))
    stored = shop["orders"].find_one({"_id": made["_id"]})
    assert stored == made
    assert stock(shop, two_products) == [3, 0]
    prices = [product["base_price"].to_decimal() for product in two_products]
    assert stored["subtotal"] == Decimal128(prices[0] * 2 + prices[1] * 3)
    assert (stored["item_count"], stored["pieces"], stored["status"]) == (2, 5, "pending")
    assert [item["product_sku"] for item in stored["items"]] == [one["sku"], two["sku"]]
    after = shop["customers"].find_one({"_id": customer["_id"]})
    assert after["order_count"] == customer["order_count"] + 1


def test_short_stock_refuses_the_whole(shop: Any, customer: Any, two_products: list[Any]) -> None:
    one, two = two_products
    before = list(shop["orders"].find({}, {"_id": 1}))
    with pytest.raises(StockShort) as caught:
        place(shop, customer, (one["_id"], 5), (two["_id"], 4))
    assert [(short.product_id, short.wanted, short.left) for short in caught.value.short] == [
        (two["_id"], 4, 3)
    ]
    assert str(caught.value) == f"There is not enough in stock of {two['name']} (3 of 4)."
    assert stock(shop, two_products) == [5, 3]
    assert list(shop["orders"].find({}, {"_id": 1})) == before
    assert shop["customers"].find_one({"_id": customer["_id"]}) == customer
    versions = [shop["products"].find_one({"_id": p["_id"]})["version"] for p in two_products]
    assert versions == [product["version"] for product in two_products]


def test_what_else_refuses_an_order(shop: Any, customer: Any, two_products: list[Any]) -> None:
    one = two_products[0]["_id"]
    for lines, more in (
        ([], {}),
        ([(one, 1), (one, 2)], {}),
        ([(uuid4(), 1)], {}),
        ([(one, 1)], {"customer_id": uuid4()}),
        ([(one, 1)], {"shipping_address_id": uuid4()}),
    ):
        with pytest.raises(NotPlaced):
            place(shop, customer, *lines, **more)
    # The validator's own word, and the stock comes back.
    with pytest.raises(OperationFailure, match="failed validation"):
        place(shop, customer, (one, 1), tax_amount=Decimal(-1))
    assert stock(shop, two_products) == [5, 3]


def test_many_at_once_never_sell_a_piece_twice(
    shop: Any, customer: Any, two_products: list[Any]
) -> None:
    one, two = (product["_id"] for product in two_products)
    shop["products"].update_many({"_id": {"$in": [one, two]}}, {"$set": {"inventory_count": 6}})
    outcomes: list[str] = []

    def buy(turn: int) -> None:
        lines = [(one, 1), (two, 1)] if turn % 2 else [(two, 1), (one, 1)]
        try:
            place(shop, customer, *lines)
            outcomes.append("placed")
        except StockShort:
            outcomes.append("short")

    threads = [threading.Thread(target=buy, args=(turn,)) for turn in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["placed"] * 6 + ["short"] * 4
    assert stock(shop, two_products) == [0, 0]
    assert shop["orders"].count_documents({"order_number": {"$regex": "^SM-"}}) == 6


def test_a_customers_orders_are_watched(shop: Any, customer: Any, two_products: list[Any]) -> None:
    one = two_products[0]["_id"]
    other = shop["customers"].find_one(
        {"_id": {"$ne": customer["_id"]}, "deleted_at": None, "addresses.0": {"$exists": True}}
    )
    with watch_orders(shop, customer["_id"]) as changes:
        assert changes.try_next() is None
        place(shop, other, (one, 1))
        made = place(shop, customer, (one, 1))
        first = next(changes)
        assert (first.operation, first.order) == ("insert", made)
        assert changes.try_next() is None
    shop["orders"].update_one({"_id": made["_id"]}, {"$set": {"status": "confirmed"}})
    with watch_orders(shop, customer["_id"], resume_token=first.resume_token) as changes:
        second = next(changes)
        assert (second.operation, second.order) == ("update", {**made, "status": "confirmed"})
        assert changes.try_next() is None
        assert changes.resume_token is not None
