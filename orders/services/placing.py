"""How an order comes into being."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog.acting import acting
from catalog.services import product_stock_change
from orders.models import Order, OrderItem
from orders.services.item import item_values


@dataclass(frozen=True, slots=True)
class OrderLine:
    """So many pieces of a product."""

    product_id: UUID
    quantity: int


def order_place(
    *,
    customer_id: UUID,
    billing_address_id: UUID,
    shipping_address_id: UUID,
    lines: Sequence[OrderLine],
    tax_amount: Decimal = Decimal(0),
    shipping_amount: Decimal = Decimal(0),
    actor: Any = None,
    reason: str = "",
) -> Order:
    """Take the pieces from the stock and place a pending order at today's prices.

    Raises:
        ValidationError: at ``product`` (not on sale) or ``inventory_count`` (stock too short).
        IntegrityError: a rule of the database, such as ``order_billing_address_of_customer``.
    """
    with transaction.atomic(), acting(actor=actor, reason=reason):
        items = [OrderItem(**item_values(line.product_id, line.quantity)) for line in lines]
        subtotal = sum((item.total_price for item in items), Decimal(0))
        order = Order.objects.create(
            customer_id=customer_id,
            billing_address_id=billing_address_id,
            shipping_address_id=shipping_address_id,
            subtotal=subtotal,
            tax_amount=tax_amount,
            shipping_amount=shipping_amount,
            total_amount=subtotal + tax_amount + shipping_amount,
        )
        for item in items:
            item.order = order
        OrderItem.objects.bulk_create(items)
        # Always in the same sequence, so that two orders of the same products cannot deadlock.
        for line in sorted(lines, key=lambda line: line.product_id):
            product_stock_change(product_id=line.product_id, by=-line.quantity)
    return order
