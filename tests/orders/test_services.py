"""Services do all of it, or nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalog.models import Product
from orders import services
from orders.models import Customer, Order, OrderItem, Payment
from orders.services import OrderLine
from orders.status import PaymentStatus
from tests.orders.committed import Session, wait_until_blocked
from tests.orders.installed import rows
from tests.orders.sample import Sample

STOCK = {"HAM-1": 7, "HAM-2": 10}  # after the two orders of the sample


def stock() -> dict[str, int]:
    return dict(Product.objects.values_list("sku", "inventory_count"))


def place(sample: Sample, *lines: tuple[Product, int], **options: Any) -> Order:
    return services.order_place(
        **{
            "customer_id": sample.customer.pk,
            "billing_address_id": sample.billing.pk,
            "shipping_address_id": sample.shipping.pk,
            "lines": [OrderLine(product.pk, quantity) for product, quantity in lines],
            **options,
        }
    )


def test_an_order_is_placed_at_todays_prices(sample: Sample) -> None:
    order = place(
        sample,
        (sample.product, 1),
        (sample.other_product, 3),
        tax_amount=Decimal("10.91"),
        shipping_amount=Decimal("4.90"),
    )
    order.refresh_from_db()
    assert (order.status, order.subtotal, order.total_amount) == (
        "pending",
        Decimal("57.40"),
        Decimal("73.21"),
    )
    items = OrderItem.objects.filter(order=order).order_by("product_sku")
    assert list(
        items.values_list("product_sku", "product_name", "quantity", "unit_price", "total_price")
    ) == [
        ("HAM-1", "Claw hammer", 1, Decimal("19.90"), Decimal("19.90")),
        ("HAM-2", "Mallet", 3, Decimal("12.50"), Decimal("37.50")),
    ]
    assert stock() == {"HAM-1": 6, "HAM-2": 7}


@pytest.mark.parametrize(
    ("quantity", "options", "error"),
    [
        (8, {}, ValidationError),
        (0, {}, IntegrityError),
        (1, {"tax_amount": Decimal(-1)}, IntegrityError),
        (1, {"billing_address_id": "foreign_address"}, IntegrityError),
    ],
)
def test_a_refused_order_leaves_nothing_behind(
    sample: Sample, quantity: int, options: dict[str, Any], error: type[Exception]
) -> None:
    if "billing_address_id" in options:
        options = {"billing_address_id": sample.foreign_address.pk}
    counts = Order.objects.count(), OrderItem.objects.count()
    with pytest.raises(error), transaction.atomic():
        place(sample, (sample.other_product, 2), (sample.product, quantity), **options)
    assert (Order.objects.count(), OrderItem.objects.count()) == counts
    assert stock() == STOCK


def test_what_is_not_on_sale_cannot_be_ordered(sample: Sample) -> None:
    Product.objects.filter(pk=sample.product.pk).update(is_active=False)
    with pytest.raises(ValidationError) as caught:
        place(sample, (sample.product, 1))
    assert caught.value.message_dict == {"product": ["This product is not on sale."]}


def test_a_cancelled_order_gives_its_pieces_back(sample: Sample) -> None:
    services.order_confirm(order_id=sample.order.pk)
    assert services.order_cancel(order_id=sample.order.pk).status == "cancelled"
    assert stock() == {"HAM-1": 9, "HAM-2": 10}


def test_only_a_pending_order_can_be_changed(sample: Sample) -> None:
    services.order_confirm(order_id=sample.order.pk)
    changes = [
        lambda: services.order_item_add(
            order_id=sample.order.pk, product_id=sample.other_product.pk, quantity=1
        ),
        lambda: services.order_item_change(item_id=sample.item.pk, quantity=1),
        lambda: services.order_item_remove(item_id=sample.item.pk),
    ]
    for change in changes:
        with pytest.raises(ValidationError) as caught:
            change()
        assert caught.value.message_dict == {"order": ["Only a pending order can be changed."]}


def test_the_last_piece_goes_to_one_of_two(committed: Sample) -> None:
    Product.objects.filter(pk=committed.product.pk).update(inventory_count=1)
    with transaction.atomic():
        place(committed, (committed.product, 1))
        other = Session(lambda: place(committed, (committed.product, 1)))
        wait_until_blocked()
    assert other.result().message_dict == {
        "inventory_count": ["Of Claw hammer there are only 0 in stock."]
    }
    assert stock()["HAM-1"] == 0


def pay(order_id: UUID, amount: str, key: str) -> Payment:
    return services.payment_record(order_id=order_id, amount=Decimal(amount), idempotency_key=key)


def test_a_payment_is_made_once(sample: Sample) -> None:
    payment = pay(sample.order.pk, "44.70", "k")
    assert pay(sample.order.pk, "44.70", "k") == payment
    for order, amount in ((sample.other_order, "44.70"), (sample.order, "44.71")):
        with pytest.raises(ValidationError) as caught:
            pay(order.pk, amount, "k")
        assert caught.value.message_dict == {
            "idempotency_key": ["This key was used for another order or amount."]
        }
    captured = services.payment_change_status(
        payment_id=payment.pk, to=PaymentStatus.CAPTURED, provider_reference="ref", actor=1
    )
    assert (captured.status, captured.provider_reference) == ("captured", "ref")


def test_an_archived_customer_keeps_the_orders(sample: Sample) -> None:
    archived = services.customer_archive(customer_id=sample.customer.pk, actor="ada", reason="x")
    assert archived.is_deleted and not archived.is_active
    assert not Customer.objects.active().filter(pk=archived.pk).exists()
    assert Order.objects.filter(customer=archived).count() == 2
    assert services.customer_restore(customer_id=archived.pk).is_active
    assert rows(
        "SELECT pgh_label, pgh_context ->> 'user', pgh_context ->> 'reason'"
        f" FROM orders_customerevent WHERE pgh_obj_id = '{archived.pk}' ORDER BY pgh_id"
    )[1] == ("update", "ada", "x")
