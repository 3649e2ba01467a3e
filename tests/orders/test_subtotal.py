"""The subtotal is the sum of the items when a transaction ends, whoever else writes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum

from orders import services
from orders.models import Order, OrderItem
from tests.orders.committed import Session, wait_until_blocked
from tests.orders.installed import execute
from tests.orders.sample import Sample

ITEM = (
    "INSERT INTO orders_orderitem (order_id, product_id, product_name, product_sku, quantity,"
    " unit_price, total_price) VALUES ('{order}', '{product}', 'n', 's', 1, {price}, {price})"
)
SUM = "UPDATE orders_order SET subtotal = subtotal + {by}, total_amount = total_amount + {by}"


def end_of_transaction() -> None:
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("SET CONSTRAINTS ALL DEFERRED")


ADDED = ITEM.format(order="{order}", product="{other_product}", price="{price}")
GONE = "DELETE FROM orders_orderitem WHERE id = '{item}'"
MOVED = (
    "UPDATE orders_orderitem SET order_id = '{other_order}', product_id = '{other_product}'"
    " WHERE id = '{item}'"
)
ORDER, OTHER_ORDER = " WHERE id = '{order}'", " WHERE id = '{other_order}'"


@pytest.mark.parametrize(
    "statements",
    [
        [SUM.format(by=5) + ORDER, ADDED],
        [GONE, SUM.format(by="-39.80") + ORDER],
        [MOVED, SUM.format(by="-39.80") + ORDER, SUM.format(by="39.80") + OTHER_ORDER],
        # The sum stays what it is.
        [GONE, ADDED.replace("{price}", "39.80")],
    ],
    ids=["added", "deleted", "moved", "replaced"],
)
def test_both_sides_may_change_in_any_sequence(sample: Sample, statements: list[str]) -> None:
    for statement in statements:
        execute(statement.format(**sample.keys(), price=5))
    end_of_transaction()


def test_services_keep_the_sum(sample: Sample) -> None:
    item = services.order_item_add(
        order_id=sample.order.pk, product_id=sample.other_product.pk, quantity=2
    )
    end_of_transaction()
    services.order_item_change(item_id=item.pk, quantity=5)
    order = services.order_item_remove(item_id=sample.item.pk)
    end_of_transaction()
    order.refresh_from_db()
    assert (order.subtotal, order.total_amount) == (Decimal("62.50"), Decimal("67.40"))
    stock = {p.sku: p.inventory_count for p in (sample.product, sample.other_product)}
    sample.product.refresh_from_db()
    sample.other_product.refresh_from_db()
    assert stock == {"HAM-1": 10, "HAM-2": 10}
    assert (sample.product.inventory_count, sample.other_product.inventory_count) == (9, 5)


def test_two_who_add_at_once_wait_for_each_other(committed: Sample) -> None:
    third = OrderItem.objects.get(order=committed.other_order)
    execute("UPDATE catalog_product SET inventory_count = 100")
    with transaction.atomic():
        services.order_item_add(
            order_id=committed.order.pk, product_id=committed.other_product.pk, quantity=1
        )
        other = Session(lambda: services.order_item_change(item_id=committed.item.pk, quantity=4))
        wait_until_blocked()
    assert other.result() == committed.item
    order = Order.objects.get(pk=committed.order.pk)
    items = OrderItem.objects.filter(order=order).aggregate(sum=Sum("total_price"))["sum"]
    assert order.subtotal == items == Decimal("92.10")
    assert third.total_price == Decimal("19.90")


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ"])
def test_raw_sql_that_forgets_the_other_is_refused(committed: Sample, isolation: str) -> None:
    order, price = committed.order.pk, Decimal(5)

    def careless() -> None:
        """Add an item and write the subtotal that was read before."""
        with transaction.atomic():
            execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
            was = Order.objects.get(pk=order)
            execute(ITEM.format(order=order, product=committed.other_product.pk, price=price))
            Order.objects.filter(pk=order).update(
                subtotal=was.subtotal + price, total_amount=was.total_amount + price
            )

    with transaction.atomic():
        execute(f"DELETE FROM orders_orderitem WHERE id = '{committed.item.pk}'")
        Order.objects.filter(pk=order).update(
            subtotal=0, total_amount=F("tax_amount") + F("shipping_amount")
        )
        other = Session(careless)
        wait_until_blocked()
    outcome = other.result()
    if isolation == "READ COMMITTED":
        assert isinstance(outcome, IntegrityError)
        assert outcome.__cause__.diag.constraint_name == "order_subtotal_is_sum_of_items"  # type: ignore[union-attr]
    else:
        assert outcome.__cause__.sqlstate == "40001"
    assert Order.objects.get(pk=order).subtotal == 0
    assert not OrderItem.objects.filter(order=order).exists()
    assert connection.get_autocommit()
