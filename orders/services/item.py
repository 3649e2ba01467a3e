"""What an order is made of, and the sums that follow from it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum

from catalog.acting import acting
from catalog.models import Product
from catalog.services import product_stock_change
from orders.models import Order, OrderItem
from orders.status import OrderStatus


def order_recalculate(*, order: Order) -> Order:
    """Set subtotal and total of a locked or new order from its items, and return it saved.

    Call it in the transaction that changed the items; the database compares at its end.
    """
    total = OrderItem.objects.filter(order=order).aggregate(sum=Sum("total_price"))["sum"]
    order.subtotal = total or Decimal(0)
    order.total_amount = order.subtotal + order.tax_amount + order.shipping_amount
    order.save(update_fields=["subtotal", "tax_amount", "shipping_amount", "total_amount"])
    return order


def order_item_add(
    *, order_id: UUID, product_id: UUID, quantity: int, actor: Any = None, reason: str = ""
) -> OrderItem:
    """Take pieces of a product from the stock into a pending order, at today's price.

    Raises:
        ValidationError: at ``order``, ``product`` or ``inventory_count``, with the reason.
        IntegrityError: ``order_item_unique_product``, ``order_item_quantity_positive``.
    """
    with transaction.atomic(), acting(actor=actor, reason=reason):
        order = order_locked(order_id)
        item = OrderItem.objects.create(**item_values(product_id, quantity), order=order)
        product_stock_change(product_id=product_id, by=-quantity)
        order_recalculate(order=order)
    return item


def order_item_change(
    *, item_id: UUID, quantity: int, actor: Any = None, reason: str = ""
) -> OrderItem:
    """Take more or fewer pieces into a pending order, at the price of the item.

    Raises:
        ValidationError: at ``order`` or ``inventory_count``.
        IntegrityError: ``order_item_quantity_positive``.
    """
    with transaction.atomic(), acting(actor=actor, reason=reason):
        order = order_locked(OrderItem.objects.only("order_id").get(pk=item_id).order_id)
        item = OrderItem.objects.get(pk=item_id)
        more = quantity - item.quantity
        item.quantity, item.total_price = quantity, quantity * item.unit_price
        item.save(update_fields=["quantity", "total_price"])
        product_stock_change(product_id=item.product_id, by=-more)
        order_recalculate(order=order)
    return item


def order_item_remove(*, item_id: UUID, actor: Any = None, reason: str = "") -> Order:
    """Put the pieces of an item of a pending order back into the stock; return the order.

    Raises:
        ValidationError: at ``order``.
    """
    with transaction.atomic(), acting(actor=actor, reason=reason):
        order = order_locked(OrderItem.objects.only("order_id").get(pk=item_id).order_id)
        item = OrderItem.objects.get(pk=item_id)
        item.delete()
        product_stock_change(product_id=item.product_id, by=item.quantity)
        return order_recalculate(order=order)


def item_values(product_id: UUID, quantity: int) -> dict[str, Any]:
    """Return the columns of an item that are copied from its product.

    Raises:
        ValidationError: at ``product``, if it is not on sale.
    """
    product = Product.objects.active().filter(pk=product_id).first()
    if product is None:
        raise ValidationError({"product": "This product is not on sale."})
    return {
        "product": product,
        "product_name": product.name,
        "product_sku": product.sku,
        "quantity": quantity,
        "unit_price": product.base_price,
        "total_price": quantity * product.base_price,
    }


def order_locked(order_id: UUID) -> Order:
    """Return a pending order, its row locked until the end of the transaction.

    The lock makes two who change its items at once wait for each other; without it the database
    would refuse the later one, since its sum would be out of date.

    Raises:
        ValidationError: at ``order``, if it is no longer pending.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    if order.status != OrderStatus.PENDING:
        raise ValidationError({"order": "Only a pending order can be changed."})
    return order
