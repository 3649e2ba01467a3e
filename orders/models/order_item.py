"""What an order is made of."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from catalog.models import Product
from catalog.money import MoneyField, not_negative
from catalog.querysets import ShopQuerySet
from catalog.record import Record
from catalog.triggers import Stamp
from orders.models.order import Order
from orders.triggers import item_subtotal


class OrderItem(Record):
    """Some pieces of one product in one order, as they were when ordered."""

    order = models.ForeignKey(
        Order,
        on_delete=models.CASCADE,
        related_name="items",
        # The unique pair leads with it.
        db_index=False,
        db_comment="The order it belongs to.",
    )
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        related_name="order_items",
        # The covering index below leads with it.
        db_index=False,
        db_comment="What is ordered.",
    )
    product_name = models.CharField(max_length=200, db_comment="Its name when ordered.")
    product_sku = models.CharField("SKU", max_length=40, db_comment="Its SKU when ordered.")
    quantity = models.IntegerField(default=1, db_default=1, db_comment="Pieces, at least one.")
    unit_price = MoneyField(db_comment="Price of one piece when ordered; not negative.")
    total_price = MoneyField("price", db_comment="quantity × unit_price.")

    objects: Any = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        db_table_comment = "What orders are made of; each product once an order."
        constraints = [
            models.UniqueConstraint(
                fields=["order", "product"],
                name="order_item_unique_product",
                violation_error_message="The product is in this order already.",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="order_item_quantity_positive",
                violation_error_message="At least one piece.",
            ),
            not_negative(
                "unit_price",
                name="order_item_unit_price_not_negative",
                message="The price cannot be negative.",
            ),
            models.CheckConstraint(
                condition=Q(total_price=F("quantity") * F("unit_price")),
                name="order_item_total_is_product",
                violation_error_message="The price is quantity times unit price.",
            ),
        ]
        indexes = [
            # Units and revenue of a product without reading its rows; covers the foreign key.
            models.Index(
                fields=["product"], include=["quantity", "total_price"], name="item_sales"
            ),
        ]
        triggers = [Stamp(), *item_subtotal]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product_name}"
