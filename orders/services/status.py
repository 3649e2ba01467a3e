"""How an order moves along the table of transitions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from catalog.acting import acting
from catalog.services import product_stock_change
from orders.models import Order, OrderItem
from orders.status import OrderStatus
from orders.transitions import LEGAL_MOVES, transitions_from


def order_change_status(
    *, order_id: UUID, to: OrderStatus, actor: Any = None, reason: str = ""
) -> Order:
    """Move an order to another status, if the table of transitions has that move.

    A cancelled order gives its pieces back to the stock.

    Raises:
        ValidationError: at ``status``, naming the moves that there are.
    """
    with transaction.atomic(), acting(actor=actor, reason=reason):
        order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
        if (order.status, to) not in LEGAL_MOVES:
            moves = [str(OrderStatus(t.target).label) for t in transitions_from(order.status)]
            raise ValidationError(
                {
                    "status": ValidationError(
                        "Order %(number)s is %(status)s; it can become: %(moves)s.",
                        code="transition",
                        params={
                            "number": order.order_number,
                            "status": OrderStatus(order.status).label,
                            "moves": ", ".join(moves) or "nothing else",
                        },
                    )
                }
            )
        order.status = to
        order.save(update_fields=["status"])
        if to == OrderStatus.CANCELLED:
            for item in OrderItem.objects.filter(order=order).order_by("product_id"):
                product_stock_change(product_id=item.product_id, by=item.quantity)
    return Order.objects.get(pk=order_id)


def order_confirm(*, order_id: UUID, actor: Any = None, reason: str = "") -> Order:
    """Pending to confirmed: the customer and we agree."""
    return order_change_status(
        order_id=order_id, to=OrderStatus.CONFIRMED, actor=actor, reason=reason
    )


def order_process(*, order_id: UUID, actor: Any = None, reason: str = "") -> Order:
    """Confirmed to processing: somebody packs."""
    return order_change_status(
        order_id=order_id, to=OrderStatus.PROCESSING, actor=actor, reason=reason
    )


def order_ship(*, order_id: UUID, actor: Any = None, reason: str = "") -> Order:
    """Processing to shipped: it left the house."""
    return order_change_status(
        order_id=order_id, to=OrderStatus.SHIPPED, actor=actor, reason=reason
    )


def order_deliver(*, order_id: UUID, actor: Any = None, reason: str = "") -> Order:
    """Shipped to delivered: the customer has it."""
    return order_change_status(
        order_id=order_id, to=OrderStatus.DELIVERED, actor=actor, reason=reason
    )


def order_cancel(*, order_id: UUID, actor: Any = None, reason: str = "") -> Order:
    """Anything before shipping to cancelled; the pieces go back into the stock."""
    return order_change_status(
        order_id=order_id, to=OrderStatus.CANCELLED, actor=actor, reason=reason
    )


def order_refund(*, order_id: UUID, actor: Any = None, reason: str = "") -> Order:
    """Delivered to refunded: the customer gets the money back."""
    return order_change_status(
        order_id=order_id, to=OrderStatus.REFUNDED, actor=actor, reason=reason
    )
