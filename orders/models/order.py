"""What somebody wants to have."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import BTreeIndex
from django.db import models
from django.db.models import F, Q

from catalog.history import tracked
from catalog.money import MoneyField, not_negative
from catalog.record import Record, Versioned
from catalog.triggers import Stamp
from orders.models.address import Address
from orders.models.customer import Customer
from orders.querysets import OrderQuerySet
from orders.status import OPEN, OrderStatus
from orders.triggers import born_pending, key_stays, legal_transition, log_birth, log_transition
from orders.triggers import order_subtotal as subtotal_rules


class NextOrderNumber(models.Func):
    """The database's next order number."""

    function = "shop_next_order_number"
    output_field = models.CharField(max_length=20)


def _address(kind: str) -> models.ForeignKey:
    return models.ForeignKey(
        Address,
        on_delete=models.PROTECT,
        related_name=f"{kind}_orders",
        # An index below covers it, one that is spared deduplication.
        db_index=False,
        # The database's foreign key is (address, customer); a migration adds it.
        db_constraint=False,
        db_comment=f"The {kind} address; one of the customer's own.",
    )


@tracked(keys_stay=True)
class Order(Versioned, Record):
    """What one customer wants to have, and how far we are."""

    order_number = models.CharField(
        max_length=20,
        db_default=NextOrderNumber(),
        editable=False,
        db_comment="Number that people use; unique, counts up.",
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        related_name="orders",
        # The index by status below leads with it.
        db_index=False,
        db_comment="Who buys.",
    )
    billing_address = _address("billing")
    shipping_address = _address("shipping")
    status = models.CharField(
        max_length=10,
        choices=OrderStatus,
        default=OrderStatus.PENDING,
        db_default=OrderStatus.PENDING,
        db_comment="How far the order is; born pending, moves by the table of transitions.",
    )
    subtotal = MoneyField(
        default=0, db_default=0, db_comment="Sum of the items, when the transaction ends."
    )
    tax_amount = MoneyField("tax", default=0, db_default=0, db_comment="Tax.")
    shipping_amount = MoneyField("shipping", default=0, db_default=0, db_comment="Shipping.")
    total_amount = MoneyField(
        "total", default=0, db_default=0, db_comment="subtotal + tax_amount + shipping_amount."
    )

    objects: Any = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        db_table_comment = "What customers want to have, and how far we are."
        constraints = [
            models.UniqueConstraint(
                fields=["order_number"],
                name="order_number_unique",
                violation_error_message="Another order has this number.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OrderStatus.values),
                name="order_status_known",
                violation_error_message="There is no such status.",
            ),
            not_negative(
                "subtotal",
                name="order_subtotal_not_negative",
                message="The subtotal cannot be negative.",
            ),
            not_negative(
                "tax_amount", name="order_tax_not_negative", message="The tax cannot be negative."
            ),
            not_negative(
                "shipping_amount",
                name="order_shipping_not_negative",
                message="The shipping cannot be negative.",
            ),
            not_negative(
                "total_amount",
                name="order_total_not_negative",
                message="The total cannot be negative.",
            ),
            models.CheckConstraint(
                condition=Q(total_amount=F("subtotal") + F("tax_amount") + F("shipping_amount")),
                name="order_total_is_sum",
                violation_error_message="The total is subtotal, tax and shipping together.",
            ),
        ]
        # A step writes a version of its order into each of them. On a full page PostgreSQL looks
        # for entries of one key to merge; here these are versions of one row, or the few orders
        # of one address, and the search costs more than it saves: a tenth of all seeding.
        indexes = [
            # The orders of one customer in one state, newest first; covers the foreign key.
            BTreeIndex(
                fields=["customer", "status", "-created_at"],
                name="order_of_customer",
                deduplicate_items=False,
            ),
            # The work that is to do, oldest first; stays small however many orders there were.
            BTreeIndex(
                fields=["created_at", "id"],
                condition=Q(status__in=[status.value for status in OPEN]),
                name="order_open",
                deduplicate_items=False,
            ),
            # Newest first, the order of pages that go on.
            BTreeIndex(
                fields=["-created_at", "-id"], name="order_newest", deduplicate_items=False
            ),
            # Each covers the foreign key: may this address go?
            BTreeIndex(
                fields=["billing_address"], name="order_billed_to", deduplicate_items=False
            ),
            BTreeIndex(
                fields=["shipping_address"], name="order_shipped_to", deduplicate_items=False
            ),
        ]
        triggers = [
            Stamp(versioned=True),
            born_pending,
            key_stays,
            legal_transition,
            log_birth,
            log_transition,
            *subtotal_rules,
        ]

    def __str__(self) -> str:
        return str(self.order_number)
