"""What was paid."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from catalog.history import tracked
from catalog.money import MOST, MoneyField
from catalog.querysets import ShopQuerySet
from catalog.record import Record
from catalog.triggers import Stamp
from orders.models.order import Order
from orders.status import PaymentStatus


@tracked()
class Payment(Record):
    """One attempt to be paid for an order."""

    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        related_name="payments",
        db_comment="What is paid for.",
    )
    amount = MoneyField(db_comment="How much; more than nothing.")
    status = models.CharField(
        max_length=10,
        choices=PaymentStatus,
        default=PaymentStatus.PENDING,
        db_default=PaymentStatus.PENDING,
        db_comment="How far the payment is.",
    )
    provider_reference = models.CharField(
        max_length=100,
        blank=True,
        default="",
        db_comment="The provider's name for it; unique, empty until the provider answers.",
    )
    idempotency_key = models.CharField(
        max_length=64, db_comment="Our name for the attempt; unique, so that it is made once."
    )

    objects: Any = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        db_table_comment = "Attempts to be paid."
        constraints = [
            models.UniqueConstraint(
                fields=["provider_reference"],
                condition=~Q(provider_reference=""),
                name="payment_provider_reference_unique",
                violation_error_message="Another payment has this reference of the provider.",
            ),
            models.UniqueConstraint(
                fields=["idempotency_key"],
                name="payment_idempotency_key_unique",
                violation_error_message="This payment was made already.",
            ),
            # The upper bound is there for NaN; see catalog/money.py.
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST),
                name="payment_amount_positive",
                violation_error_message="A payment is more than nothing.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=PaymentStatus.values),
                name="payment_status_known",
                violation_error_message="There is no such status.",
            ),
        ]
        triggers = [Stamp()]

    def __str__(self) -> str:
        return f"{self.amount} {self.status}"
